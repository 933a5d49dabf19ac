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
* parameter[=].documentation = "One for each recipient: who, when, and for each item the outcome, whether it was there to be told (`present`, where that is known), ground or refusal, policies, law, consent versions and the sentence for people."
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

RuleSet: Told(name, min, max, type, documentation)
* parameter[+].name = #{name}
* parameter[=].use = #out
* parameter[=].min = {min}
* parameter[=].max = "{max}"
* parameter[=].type = #{type}
* parameter[=].documentation = "{documentation}"

Instance: patient-school
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://kith.example/fhir/OperationDefinition/patient-school"
* version = "0.1.0"
* name = "PatientSchool"
* title = "Which school does this child attend?"
* status = #draft
* kind = #operation
* experimental = false
* publisher = "Kith"
* description = "Answers which school a child attends, for whoever cares for the child: a school nursing service by its schools and areas in the directory. NHS number and birth date must both be right. A child that is not known, one of which nothing may be said and one whose school is not known are answered alike. Every question is journalled. By GET for one child; by POST also for a list of up to 500, each in a parameter child with nhs-number and birthdate as parts, and answered in the same order."
* affectsState = false
* code = #school
* resource = #Patient
* system = false
* type = true
* instance = false
* insert Given(nhs-number, 1, string, The NHS number - ten digits. With child it stands in its parts.)
* insert Given(birthdate, 1, date, The birth date.)
* insert Given(purpose, 1, code, What for - direct-care which is meant where nothing is said or safeguarding.)
* insert Given(reason, 1, string, Why it is needed. For safeguarding it must be there for the duty to count.)
* parameter[+].name = #child
* parameter[=].use = #in
* parameter[=].min = 0
* parameter[=].max = "500"
* parameter[=].documentation = "One child of a list."
* parameter[=].part[+].name = #nhs-number
* parameter[=].part[=].use = #in
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #string
* parameter[=].part[+].name = #birthdate
* parameter[=].part[=].use = #in
* parameter[=].part[=].min = 1
* parameter[=].part[=].max = "1"
* parameter[=].part[=].type = #date
* insert Told(status, 0, 1, code, attending - home-educated - unknown.)
* insert Told(school, 0, 1, Organization, The school with its URN as identifier.)
* insert Told(successor, 0, 1, Organization, What took its place where it closed.)
* insert Told(start, 0, 1, date, Since when the child attends.)
* insert Told(academicYear, 0, 1, string, The school year of the answer such as 2026/27.)
* insert Told(source, 0, 1, string, Who says so.)
* insert Told(asOf, 0, 1, date, The day on which the source knew it so.)
* insert Told(freshness, 0, 1, code, current - or check where there is a warning.)
* insert Told(warning, 0, *, string, What to know before relying on it.)

Instance: patient-merge
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://kith.example/fhir/OperationDefinition/patient-merge"
* version = "0.1.0"
* name = "PatientMerge"
* title = "These two NHS numbers are one child"
* status = #draft
* kind = #operation
* experimental = false
* publisher = "Kith"
* description = "Says that two NHS numbers are one child, as when records are merged. Consents, refusals, restrictions and flags on file under either count for both; what waits is decided about again, and what may not be kept is recalled. Named as the operation merge of FHIR R5, by identifiers alone. For partners that the directory lets keep nhs-numbers; journalled under both numbers."
* affectsState = true
* code = #merge
* resource = #Patient
* system = false
* type = true
* instance = false
* insert Given(source-patient-identifier, 1, Identifier, The NHS number that was superseded. Required.)
* insert Given(target-patient-identifier, 1, Identifier, The NHS number that holds. Required.)
* insert Told(outcome, 1, 1, OperationOutcome, What holds from now on - whether anything was on file is not said.)

Instance: patient-unmerge
InstanceOf: OperationDefinition
Usage: #definition
* url = "https://kith.example/fhir/OperationDefinition/patient-unmerge"
* version = "0.1.0"
* name = "PatientUnmerge"
* title = "These two NHS numbers are not one child after all"
* status = #draft
* kind = #operation
* experimental = false
* publisher = "Kith"
* description = "Takes back what merge said: each number is a child of its own again. For partners that the directory lets keep nhs-numbers; journalled under both numbers."
* affectsState = true
* code = #unmerge
* resource = #Patient
* system = false
* type = true
* instance = false
* insert Given(source-patient-identifier, 1, Identifier, The NHS number that was superseded. Required.)
* insert Given(target-patient-identifier, 1, Identifier, The NHS number that holds. Required.)
* insert Told(outcome, 1, 1, OperationOutcome, What holds from now on - whether anything was on file is not said.)
