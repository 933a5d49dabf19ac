// Kith's own operations.

RuleSet: Given(name, max, type, documentation)
* parameter[+].name = #{name}
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "{max}"
* parameter[=].type = #{type}
* parameter[=].documentation = "{documentation}"

Instance: consent-explain
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://kith.example/fhir/OperationDefinition/consent-explain"
* version = "0.1.0"
* name = "ConsentExplain"
* title = "Why something is or was shared or withheld"
* status = #draft
* kind = #operation
* experimental = false
* publisher = "Kith"
* description = "Explains decisions: what would be decided now about a message that is supposed, or what was decided, from the journal alone. Information governance asks about any child; everybody else about messages that they sent and deliveries that they got."
* affectsState = false
* code = #explain
* resource = #Consent
* system = false
* type = true
* instance = false
* insert Given(patient, 1, Identifier, The child NHS number.)
* insert Given(message, 1, uuid, The id of a message: decisions of the past about it.)
* insert Given(delivery, 1, uuid, The id of a delivery - which is that of its Task: decisions of the past about it.)
* insert Given(at, 1, instant, Decisions of the past that stood at this instant.)
* insert Given(recipient, *, Identifier, A recipient by ODS code or URN - or by its name in the directory as a string. Without any - everybody who is around the child.)
* insert Given(sender, 1, Identifier, Who would send the supposed message. Without it - the caller.)
* insert Given(kind, 1, code, The record kind of the supposed message.)
* insert Given(ground, 1, code, The ground that the supposed message claims.)
* insert Given(reasonGiven, 1, boolean, Whether it gives a reason.)
* insert Given(postcode, 1, string, Where the child lives.)
* insert Given(practice, *, string, ODS code of the child practice.)
* insert Given(school, *, string, URN of the child nursery or school.)
* insert Given(restricted, 1, boolean, Whether the child record is restricted.)
* insert Given(sealed, 1, boolean, Whether it is sealed.)
* insert Given(deceased, 1, boolean, Whether the child has died.)
* parameter[+].name = #decision
* parameter[=].use = #out
* parameter[=].min = 0
* parameter[=].max = "*"
* parameter[=].documentation = "One for each recipient: who, when, and for each item the outcome, ground or refusal, policies, law, consent versions and the sentence for people."
* parameter[=].part[+].name = #recipient
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #Reference
* parameter[=].part[+].name = #at
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #instant
* parameter[=].part[+].name = #text
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 0
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #string
* parameter[=].part[+].name = #item
* parameter[=].part[=].use = #out
* parameter[=].part[=].min = 0
* parameter[=].part[=].max = "*"
