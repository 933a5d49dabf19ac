// Messages: what a Bundle of each record kind must hold.

Profile: KithMessageHeader
Parent: MessageHeader
Id: message-header
Title: "Header of a message"
Description: "What the message is, who sent it, what it is about and, where it says so, on what ground it is shared. It stands first in every message to and from Kith. Senders and Kith itself use the profiles made from it, one for each kind."
* event[x] only Coding
* eventCoding MS
* source MS
* sender MS
* focus MS
* reason MS
* reason from GroundSet (extensible)

RuleSet: EventOf(kind)
* eventCoding 1..1
* eventCoding.system 1..1
* eventCoding.system = "https://kith.example/fhir/CodeSystem/message-event" (exactly)
* eventCoding.code 1..1
* eventCoding.code = #{kind} (exactly)

Profile: FirstVisitFormHeader
Parent: KithMessageHeader
Id: first-visit-form-header
Title: "Header of a first-visit form"
Description: "The header of a first-visit form, about the child. Health visiting services send it."
* insert EventOf(first-visit-form)
* focus 1..1

Profile: NewBirthVisitHeader
Parent: KithMessageHeader
Id: new-birth-visit-header
Title: "Header of a 14-day check"
Description: "The header of a 14-day check, about the visit. Health visiting services send it."
* insert EventOf(new-birth-visit)
* focus 1..1

Profile: BirthNotificationHeader
Parent: KithMessageHeader
Id: birth-notification-header
Title: "Header of a birth notification"
Description: "The header of a birth notification, about the child, with the service that notifies. Maternity services and child health information services send it."
* insert EventOf(birth-notification)
* focus 1..1
* sender 1..1
* sender.identifier 1..1

Profile: SafeguardingTemplateHeader
Parent: KithMessageHeader
Id: safeguarding-template-header
Title: "Header of a safeguarding template"
Description: "The header of a safeguarding template, about the child, with the ground on which the practice shares it and the reason in its own words. Practices send it. Kith decides on its own whether the ground holds."
* insert EventOf(safeguarding-template)
* focus 1..1
* reason 1..1
* reason.coding 1..
* reason from GroundSet (required)
* reason.text 1..1

Profile: SafeguardingFlagHeader
Parent: KithMessageHeader
Id: safeguarding-flag-header
Title: "Header of a safeguarding flag"
Description: "The header of a message that holds one safeguarding flag. Practices and other systems send it; by being sent it claims the duty to safeguard."
* insert EventOf(safeguarding-flag)
* focus 0..1

Profile: RecallNoticeHeader
Parent: KithMessageHeader
Id: recall-notice-header
Title: "Header of a recall notice"
Description: "The header of a recall notice: who was told of the withdrawal, and which ground has ended. It has a focus only where the child is named."
* insert EventOf(recall-notice)
* focus 0..1

Profile: DeliveredHeader
Parent: KithMessageHeader
Id: delivered-header
Title: "Header of a delivered message"
Description: "The header as Kith writes it for a recipient: a new id for each delivery, the original sender by ODS code, and the ground and reason for which this recipient may have what follows. Every recipient receives it."
* id 1..1
* eventCoding from MessageEventSet (required)
* sender 1..1
* sender.identifier 1..1
* sender.identifier.system 1..1
* sender.identifier.system = "https://fhir.nhs.uk/Id/ods-organization-code" (exactly)
* sender.identifier.value 1..1
* source.name 1..1
* reason 1..1
* reason.coding 1..
* reason from GroundSet (required)

Profile: Message
Parent: Bundle
Id: message
Title: "Message"
Description: "Any message to or from Kith: a Bundle whose first entry is its header, each entry with a fullUrl of its own. It holds one child at most, so that nothing can be carried over from one child to another. Senders and Kith itself use the profiles made from it, one for each kind."
* type = #message (exactly)
* timestamp MS
* total 0..0
* entry 1..
* entry.fullUrl 1..1
* entry.resource 1..1
* entry.search 0..0
* entry.request 0..0
* entry.response 0..0
* entry ^slicing.discriminator.type = #type
* entry ^slicing.discriminator.path = "resource"
* entry ^slicing.rules = #open
* entry contains header 1..1 MS and child 0..1 MS
* entry[header].resource only KithMessageHeader
* entry[child].resource only Child

Profile: FirstVisitFormMessage
Parent: Message
Id: first-visit-form-message
Title: "First-visit form"
Description: "The first-visit form as a message: the child, the visit, who made it, the parents, and the decision on what the children's centres may know, with whoever gave it. Health visiting services send it to Kith."
* entry[header].resource only FirstVisitFormHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains
    person 1..* MS and
    organisation 1..* MS and
    professional 1..* MS and
    visit 1..1 MS and
    consent 1..1 MS
* entry[person].resource only HouseholdMemberPerson or ConsentGiver
* entry[organisation].resource only KithOrganisation
* entry[professional].resource only HealthVisitor or Professional
* entry[visit].resource only FirstVisit
* entry[consent].resource only FirstVisitConsent
* obeys kith-message-1

Invariant: kith-message-1
Description: "The message names the person who gave or refused permission, as a RelatedPerson with the profile consent-giver."
Severity: #error
Expression: "entry.resource.ofType(RelatedPerson).meta.profile.where($this = 'https://kith.example/fhir/StructureDefinition/consent-giver' or startsWith('https://kith.example/fhir/StructureDefinition/consent-giver|')).exists()"

Profile: NewBirthVisitMessage
Parent: Message
Id: new-birth-visit-message
Title: "14-day check"
Description: "The 14-day check as a message: the child, the visit and who made it, and, as far as they were asked about, birth, measurements, feeding, screening, the mother's wellbeing, household, safeguarding, concerns, needs and plan, and the parents' permission. Health visiting services send it to Kith. Every group of questions is a resource of its own dataset, so that each recipient can be given exactly what it may have."
* entry[header].resource only NewBirthVisitHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains
    organisation 1..* MS and
    professional 1..* MS and
    visit 1..1 MS and
    person 0..* MS and
    observation 0..* MS and
    answers 0..* MS and
    plan 0..1 MS and
    consent 0..1 MS
* entry[organisation].resource only KithOrganisation
* entry[professional].resource only HealthVisitor or Professional
* entry[visit].resource only NewBirthVisit
* entry[person].resource only HouseholdMemberPerson or ConsentGiver
* entry[observation].resource only BirthWeight or Weight or Length or HeadCircumference or AttributedConcern or VulnerabilityFactorObservation or OtherObservation
* entry[answers].resource only BirthAnswers or FeedingAnswers or ScreeningAnswers or MaternalWellbeingAnswers or HouseholdAnswers or SafeguardingAnswers or NeedsAnswers or OtherAnswers
* entry[plan].resource only Plan
* entry[consent].resource only NewBirthVisitConsent
* obeys kith-message-2

Invariant: kith-message-2
Description: "A permission comes with the person who gave or refused it, as a RelatedPerson with the profile consent-giver."
Severity: #error
Expression: "entry.resource.ofType(Consent).exists() implies entry.resource.ofType(RelatedPerson).meta.profile.where($this = 'https://kith.example/fhir/StructureDefinition/consent-giver' or startsWith('https://kith.example/fhir/StructureDefinition/consent-giver|')).exists()"

Profile: BirthNotificationMessage
Parent: Message
Id: birth-notification-message
Title: "Birth notification"
Description: "That a baby was born alive: the child, who gave birth to it, and what is known of the birth. Maternity services and child health information services send it to Kith. The birth has the form that it has in the 14-day check."
* entry[header].resource only BirthNotificationHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains
    person 0..1 MS and
    observation 0..1 MS and
    answers 0..1 MS
* entry[person].resource only HouseholdMemberPerson
* entry[observation].resource only BirthWeight
* entry[answers].resource only BirthAnswers

Profile: SafeguardingTemplateMessage
Parent: Message
Id: safeguarding-template-message
Title: "Safeguarding template"
Description: "The practice's safeguarding template as a message: the child, the practice and who filled it in, the entries of the register, concerns, appointments to which the child was not brought, the household, and the nursery or school. Practices send it to Kith, with the ground and the reason for sharing in its header."
* entry[header].resource only SafeguardingTemplateHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains
    organisation 1..* MS and
    professional 0..* MS and
    flag 0..* MS and
    answers 0..* MS and
    observation 0..* MS and
    person 0..* MS
* entry[organisation].resource only KithOrganisation
* entry[professional].resource only LeadSocialWorker or Professional
* entry[flag].resource only RegisterEntry
* entry[answers].resource only SafeguardingAnswers or EducationAnswers or OtherAnswers
* entry[observation].resource only AttributedConcern or WasNotBrought or OtherObservation
* entry[person].resource only HouseholdMemberPerson

Profile: SafeguardingFlagMessage
Parent: Message
Id: safeguarding-flag-message
Title: "Safeguarding flag"
Description: "The smallest safeguarding message: one flag of one child, who is named by NHS number. Practices and other systems send it to Kith. A flag that another system wrote, and that names nothing but its child, code and status, is welcome too."
* entry[header].resource only SafeguardingFlagHeader
* entry[child] 1..1
* entry[child].resource only IdentifiedChild
* entry contains flag 1..1 MS
* entry[flag].resource only SafeguardingFlag

Profile: CentreNoticeMessage
Parent: Message
Id: centre-notice-message
Title: "Notice to a children's centre"
Description: "The most that a children's centre reads out of a message: the child, the parents' decision, and what they agreed to, or what the duty to safeguard demands. Any part may be missing, because the centre may not have it; what is present has its usual form. A centre's system that reads FHIR tests itself against it."
* entry[child] 1..1
* entry contains
    organisation 0..* MS and
    professional 0..* MS and
    person 0..* MS and
    observation 0..* MS and
    answers 0..* MS and
    flag 0..* MS and
    plan 0..* MS and
    consent 0..1 MS
* entry[organisation].resource only KithOrganisation
* entry[professional].resource only HealthVisitor or LeadSocialWorker or ConcernRaiser or Professional
* entry[person].resource only RelatedPersonOfChild
* entry[observation].resource only BirthWeight or Weight or Length or HeadCircumference or Concern or VulnerabilityFactorObservation or WasNotBrought or OtherObservation
* entry[answers].resource only BirthAnswers or FeedingAnswers or ScreeningAnswers or HouseholdAnswers or NeedsAnswers or SafeguardingAnswers or EducationAnswers or MaternalWellbeingAnswers or Asq3Answers or AsqSe2Answers or ImmunisationsAnswers or EarlyYearsProgressAnswers or EyfsProfileAnswers or ConcernReportAnswers or OtherAnswers
* entry[flag].resource only SafeguardingFlag
* entry[plan].resource only DeliveredPlan or DeliveredHealthNeed
* entry[consent].resource only DeliveredConsent

Profile: BirthListMessage
Parent: Message
Id: birth-list-message
Title: "Entry of the list of births"
Description: "The most that the monthly list of births says of one child: who it is, where it lives, and whether the family may be visited. Any part may be missing, because the centre may not have it. The list itself is a table; this is what a row of it says in FHIR."
* entry[child] 1..1
* entry contains consent 0..1 MS
* entry[consent].resource only DeliveredConsent

Profile: DeliveredMessage
Parent: CentreNoticeMessage
Id: delivered-message
Title: "Message as it is delivered"
Description: "A message of any kind as Kith delivers it to one recipient, after everything that the recipient may not have was taken out. Receivers test themselves against it: whatever may be withheld may be missing, and nothing shows that it was. The header says when, from whom, on what ground and why."
* timestamp 1..1
* entry[header].resource only DeliveredHeader

Profile: RecallNoticeMessage
Parent: Message
Id: recall-notice-message
Title: "Recall notice"
Description: "Asks a recipient to delete what it was sent on a consent that was withdrawn: one Task for each message, named by the id under which it was delivered. The child is there only as far as the recipient may still know it. Kith sends it to everybody who took something on that consent; the recipient acknowledges it by setting the status of the Task with the message's id at `/fhir/Task` to `completed`."
* entry[header].resource only RecallNoticeHeader
* entry[child] 0..1
* entry contains recalled 1..* MS
* entry[recalled].resource only RecallOfMessage
