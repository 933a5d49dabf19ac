// What Kith says of its own doing: receipts, audit events, provenance.

Profile: Receipt
Parent: Task
Id: receipt
Title: "Receipt"
Description: "What became of a message for one recipient: one Task for each. Kith serves it to the sender at `/fhir/Task`, and to nobody else, because a recipient must not learn that something was withheld from it. A recall is `received` until its recipient acknowledges it. It names partners and datasets, and never the child."
* groupIdentifier 1..1 MS
* groupIdentifier.system 1..1
* groupIdentifier.system = "urn:ietf:rfc:3986" (exactly)
* groupIdentifier.value 1..1
* groupIdentifier ^short = "The message's id, as urn:uuid:"
* status MS
* status from ReceiptStatusSet (required)
* statusReason MS
* intent = #order (exactly)
* code 1..1 MS
* code from ReceiptTaskSet (required)
* authoredOn 1..1 MS
* lastModified 1..1 MS
* requester 1..1 MS
* requester ^short = "The sender"
* owner 1..1 MS
* owner ^short = "The recipient"
* for 0..0
* for ^short = "A receipt never names the child"
* focus 0..0
* encounter 0..0
* input 0..0
* contained 0..0
* output 1.. MS
* output ^slicing.discriminator.type = #value
* output ^slicing.discriminator.path = "type"
* output ^slicing.rules = #open
* output contains dataset 0..* MS and ground 0..1 MS and attempts 1..1 MS and acknowledged 0..1 MS
* output[dataset].type = ReceiptCodes#dataset
* output[dataset].value[x] only string
* output[dataset].valueString obeys kith-dataset-1
* output[ground].type = ReceiptCodes#ground
* output[acknowledged].type = ReceiptCodes#acknowledged
* output[acknowledged].value[x] only string
* output[ground].value[x] only string
* output[ground].valueString obeys kith-ground-1
* output[attempts].type = ReceiptCodes#attempts
* output[attempts].value[x] only string
* output[attempts].valueString obeys kith-attempts-1

Invariant: kith-dataset-1
Description: "The name of a dataset, or of an item of identity."
Severity: #error
Expression: "$this in ('identity' | 'identity/name' | 'identity/birth-date' | 'identity/address' | 'identity/nhs-number' | 'identity/sex' | 'birth' | 'feeding' | 'measurements' | 'screening' | 'maternal-wellbeing' | 'household' | 'needs' | 'safeguarding' | 'development' | 'school' | 'health-at-school' | 'registration')"

Invariant: kith-ground-1
Description: "The name of a ground for sharing."
Severity: #error
Expression: "$this in ('consent' | 'safeguarding-duty' | 'direct-care' | 'legal-order')"

Invariant: kith-attempts-1
Description: "How often delivery was tried, as a number."
Severity: #error
Expression: "matches('^[0-9]+$')"

Profile: DisclosureEvent
Parent: AuditEvent
Id: disclosure-event
Title: "Entry of the journal"
Description: "One thing that Kith did, refused or was asked about a child: who sent it, who received it or did not, what was released and what withheld, by which policies and consents, on what ground and why. Kith serves it to information governance at `/fhir/AuditEvent`, which answers the child's family by it. The child is named by a keyed hash, never by name or NHS number, and nothing clinical stands in it."
* type from DisclosureTypeSet (required)
* subtype 1..1 MS
* subtype from DisclosureSet (required)
* action 1..1
* recorded MS
* outcome 1..1 MS
* outcomeDesc MS
* agent 1..2 MS
* agent ^slicing.discriminator.type = #value
* agent ^slicing.discriminator.path = "type"
* agent ^slicing.rules = #closed
* agent contains sender 1..1 MS and recipient 0..1 MS
* agent.who 1..1
* agent.who.display 1..1
* agent.name 0..0
* agent.altId 0..0
* agent[sender].type 1..1
* agent[sender].type = $dcm#110153
* agent[sender].requestor = true (exactly)
* agent[recipient].type 1..1
* agent[recipient].type = $dcm#110152
* agent[recipient].requestor = false (exactly)
* agent[recipient].policy MS
* agent[recipient].policy obeys kith-policy-1
* agent[recipient].purposeOfUse MS
* agent[recipient].purposeOfUse from GroundSet (required)
* agent[recipient].purposeOfUse ^short = "The grounds on which something was released"
* source.observer MS
* entity 2.. MS
* entity.name 0..0
* entity.description 0..0
* entity.query 0..0
* entity ^slicing.discriminator.type = #value
* entity ^slicing.discriminator.path = "role"
* entity ^slicing.rules = #open
* entity contains child 1..1 MS and message 1..1 MS and consent 0..* MS
* entity[child].role 1..1
* entity[child].role = $object-role#1
* entity[child].what 1..1
* entity[child].what.reference 0..0
* entity[child].what.display 0..0
* entity[child].what.identifier 1..1
* entity[child].what.identifier.system 1..1
* entity[child].what.identifier.system = "https://kith.example/fhir/Id/child-key" (exactly)
* entity[child].what.identifier.value 1..1
* entity[message].role 1..1
* entity[message].role = $object-role#4
* entity[message].what 1..1
* entity[message].what.identifier 1..1
* entity[message].what.identifier.system 1..1
* entity[message].what.identifier.system = "urn:ietf:rfc:3986" (exactly)
* entity[message].what.identifier.value 1..1
* entity[message].detail 1.. MS
* entity[message].detail.value[x] only string
* entity[consent].role 1..1
* entity[consent].role = $object-role#13
* entity[consent].what 1..1
* obeys kith-disclosure-1 and kith-disclosure-2

Invariant: kith-policy-1
Description: "A policy is named by its id in Kith's folder of policies."
Severity: #error
Expression: "startsWith('https://kith.example/fhir/policy/')"

Invariant: kith-disclosure-1
Description: "What was released says on what ground, and names a policy."
Severity: #error
Expression: "entity.detail.where(type = 'released').exists() implies (agent.purposeOfUse.exists() and agent.policy.exists())"

Invariant: kith-disclosure-2
Description: "The event says of what kind the message or the question was."
Severity: #error
Expression: "entity.detail.where(type = 'kind').count() = 1"

Profile: MessageProvenance
Parent: Provenance
Id: message-provenance
Title: "Provenance of a delivered message"
Description: "Where a delivered message came from: who wrote what was sent, that Kith put together what was delivered, when, and out of which message. Kith serves it beside the message, so that a recipient, or a court, can follow a statement back to its author."
* target 1.. MS
* recorded MS
* reason 0..1 MS
* reason from GroundSet (required)
* policy MS
* policy obeys kith-policy-1
* agent 2.. MS
* agent ^slicing.discriminator.type = #value
* agent ^slicing.discriminator.path = "type"
* agent ^slicing.rules = #open
* agent contains author 1..1 MS and assembler 1..1 MS
* agent[author].type 1..1
* agent[author].type = $provenance-agent#author
* agent[author].who.identifier 1..1
* agent[author].who.identifier.system 1..1
* agent[author].who.identifier.system = "https://fhir.nhs.uk/Id/ods-organization-code" (exactly)
* agent[author].who.identifier.value 1..1
* agent[assembler].type 1..1
* agent[assembler].type = $provenance-agent#assembler
* agent[assembler].who.display 1..1
* entity 1..1 MS
* entity.role = #source (exactly)
* entity.what.identifier 1..1
* entity.what.identifier.system 1..1
* entity.what.identifier.system = "urn:ietf:rfc:3986" (exactly)
* entity.what.identifier.value 1..1

Profile: RecallOfMessage
Parent: Task
Id: recall-of-message
Title: "Recall of one message"
Description: "One message of a recall notice: the id under which it was delivered, its kind, when it was delivered, and which parts of it may not be kept."
* status = #requested (exactly)
* intent = #order (exactly)
* code 1..1 MS
* code = TaskCodes#recall
* focus 1..1 MS
* focus.identifier 1..1 MS
* focus.identifier.system 1..1
* focus.identifier.system = "urn:ietf:rfc:3986" (exactly)
* focus.identifier.value 1..1 MS
* description MS
* executionPeriod MS
* for 0..0
