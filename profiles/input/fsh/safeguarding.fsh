// Concerns and flags.

Profile: Concern
Parent: Observation
Id: concern
Title: "Concern about a child"
Description: "A statement of concern in words, as a recipient reads it. Whether it is fact, reported or opinion stays with it wherever it goes, and so do the observer and the evidence, as far as they are known. Senders use the stricter profile for a concern with its observer."
* status = #final (exactly)
* category 1..1
* category = $observation-category#social-history
* code = ObservationCodes#concern
* subject 1..1 MS
* subject only Reference(Child)
* value[x] 1..1 MS
* value[x] only string
* effective[x] MS
* effective[x] only dateTime
* performer 0..1 MS
* performer.extension contains ObserverRole named observerRole 0..1 MS
* extension contains
    Basis named basis 1..1 MS and
    Evidence named evidence 0..1 MS
* dataAbsentReason 0..0
* component 0..0

Profile: AttributedConcern
Parent: Concern
Id: attributed-concern
Title: "Concern with its observer and day"
Description: "A concern as a sender must state it: by whom, and on which day. Health visiting services send it with the 14-day check, practices with the safeguarding template. A concern without basis, observer or day is not accepted, because nobody could answer for it or weigh it."
* performer 1..1
* performer.display 1..1
* effective[x] 1..1

Profile: WasNotBrought
Parent: Observation
Id: was-not-brought
Title: "Child was not brought"
Description: "One occasion on which the child was not brought to an appointment, with its day and, where known, the service. A child does not miss an appointment: somebody did not bring it. Practices send it with the safeguarding template. It is not an Appointment, which would need hours that the template does not know."
* status = #final (exactly)
* category 1..1
* category = $observation-category#social-history
* code = ObservationCodes#was-not-brought
* subject 1..1 MS
* subject only Reference(Child)
* effective[x] 1..1 MS
* effective[x] only dateTime
* value[x] MS
* value[x] only string
* component 0..0

Profile: SafeguardingFlag
Parent: Flag
Id: safeguarding-flag
Title: "Safeguarding flag"
Description: "A marker that a child is, or was, at risk of harm or on a plan, as a recipient reads it. It says who is meant, what applies and whether it still does; the period tells since when and until when. An entry is ended and never deleted. Senders use the stricter profiles made from this one."
* status MS
* category MS
* code MS
* code obeys kith-flag-1
* subject 1..1 MS
* period MS
* author MS
* extension contains
    AbuseCategory named abuseCategory 0..1 MS and
    StartedBy named startedBy 0..1 and
    FlagNote named note 0..1 MS
* obeys kith-flag-2

Invariant: kith-flag-1
Description: "A flag says what applies, by a code or in words."
Severity: #error
Expression: "coding.exists() or text.exists()"

Profile: RegisterEntry
Parent: SafeguardingFlag
Id: register-entry
Title: "Entry of the safeguarding register"
Description: "One entry of the practice's safeguarding register: child protection plan, child in need, looked after, or a concern, with the day on which it began and, once it is over, the day on which it ended. Practices send it with the safeguarding template. The status follows from the end, so that the two can never contradict each other."
* category 1..1
* category = FlagCategoryCodes#safeguarding
* code from RegisterSet (required)
* subject only Reference(Child)
* period 1..1
* period.start 1..1
* obeys kith-register-1 and kith-register-2

Invariant: kith-flag-2
Description: "There is one reason for removal at most, and it is not empty."
Severity: #error
Expression: "extension.where(url = 'https://fhir.nhs.uk/England/StructureDefinition/Extension-England-FlagRemovalReason').count() <= 1 and extension.where(url = 'https://fhir.nhs.uk/England/StructureDefinition/Extension-England-FlagRemovalReason').all(value.exists())"

Invariant: kith-register-2
Description: "The reason for removal of an entry is a code of Kith's code system 'removal-reason'."
Severity: #error
Expression: "extension.where(url = 'https://fhir.nhs.uk/England/StructureDefinition/Extension-England-FlagRemovalReason').value.all(system = 'https://kith.example/fhir/CodeSystem/removal-reason')"

Invariant: kith-register-1
Description: "An active entry has no end, and an entry that has ended is inactive."
Severity: #error
Expression: "(status = 'active' and period.end.empty()) or (status = 'inactive' and period.end.exists())"

Profile: PushedFlag
Parent: SafeguardingFlag
Id: pushed-flag
Title: "Flag as it is pushed"
Description: "A flag that a system sends alone to `POST /fhir/Flag`, or ends with `PUT /fhir/Flag/{id}`, by the rules of FGM Information Sharing: the child is named by NHS number, in the subject's identifier or in a contained Patient; a flag that is ended gives the reason. Practices and other systems send it; what is not there besides is not asked for, so that a flag of another make can be pushed too."
* code from RegisterSet (preferred)
* obeys kith-push-1 and kith-push-2

Invariant: kith-push-1
Description: "The subject names the child by NHS number, in its identifier or in a contained Patient."
Severity: #error
Expression: "subject.identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').value.exists() or contained.ofType(Patient).identifier.where(system = 'https://fhir.nhs.uk/Id/nhs-number').value.exists()"

Invariant: kith-push-2
Description: "A flag that is ended or withdrawn says why: the extension Extension-England-FlagRemovalReason."
Severity: #error
Expression: "status = 'active' or extension.where(url = 'https://fhir.nhs.uk/England/StructureDefinition/Extension-England-FlagRemovalReason').exists()"

Profile: ConcernHeader
Parent: KithMessageHeader
Id: concern-header
Title: "Header of a concern"
Description: "The header of a concern, about the child: who raises it, on what ground it is shared, and the reason in words. Kith decides on its own whether the ground holds."
* insert EventOf(concern)
* focus 1..1
* sender 1..1
* sender.identifier 1..1
* reason 1..1
* reason.coding 1..
* reason from GroundSet (required)
* reason.text 1..1

Profile: ConcernMessage
Parent: Message
Id: concern-message
Title: "Concern about a child, raised"
Description: "A concern as a message: the child, whom to phone, each statement with its basis and observer, and what is said once about the whole. Nurseries, schools, children's centres and any other service send it."
* entry[header].resource only ConcernHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains
    professional 1..1 MS and
    observation 1..* MS and
    answers 1..* MS
* entry[professional].resource only ConcernRaiser
* entry[observation].resource only AttributedConcern or OtherObservation
* entry[answers].resource only ConcernReportAnswers or OtherAnswers
