// What a school must know of a child's health.

Profile: HealthNeed
Parent: CarePlan
Id: health-need
Title: "Health need at school"
Description: "What teachers must know of one condition: what it is, what to do, who is trained, when it is looked at again and whom to ask. School nursing services send it; it belongs to the dataset health-at-school. The school that the child attends reads it."
* status = #active (exactly)
* intent = #plan (exactly)
* category 1..*
* category = $plan-category#health-at-school
* subject 1..1 MS
* subject only Reference(Child)
* title 1..1 MS
* description 1..1 MS
* period MS
* extension contains
    TrainedPerson named trainedPerson 0..* MS and
    PlanContact named planContact 0..1 MS

Profile: SchoolHealthNeedsConsent
Parent: SharingConsent
Id: school-health-needs-consent
Title: "Permission to tell a school about health needs"
Description: "The family agrees, or refuses, that one school knows the child's name, birth date and health needs. It names the school by its unique reference number."
* category = ConsentCategoryCodes#school-health-needs
* provision.actor 1..

Profile: SchoolHealthNeedsHeader
Parent: KithMessageHeader
Id: school-health-needs-header
Title: "Header of health needs at school"
Description: "The header of a message about health needs, about the child. School nursing services send it."
* insert EventOf(school-health-needs)
* focus 1..1

Profile: SchoolHealthNeedsMessage
Parent: Message
Id: school-health-needs-message
Title: "Health needs at school"
Description: "What teachers must know of a child's health, with the family's decision that the school may know it. School nursing services send it to Kith, which passes it to the school that the child attends."
* entry[header].resource only SchoolHealthNeedsHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains
    plan 1..* MS and
    person 0..1 MS and
    consent 0..1 MS
* entry[plan].resource only HealthNeed
* entry[person].resource only ConsentGiver
* entry[consent].resource only SchoolHealthNeedsConsent

Profile: DeliveredHealthNeed
Parent: CarePlan
Id: delivered-health-need
Title: "Health need as a school sees it"
Description: "What is left of a health need after everything that the school may not have was taken out. What a nursing service sends is the stricter profile."
* status = #active (exactly)
* intent = #plan (exactly)
* category 1..*
* category = $plan-category#health-at-school
* extension contains
    TrainedPerson named trainedPerson 0..* MS and
    PlanContact named planContact 0..1 MS

Profile: SchoolNoticeMessage
Parent: Message
Id: school-notice-message
Title: "Notice to a school"
Description: "The most that a school reads out of a message: who the child is, what teachers must know, and why they may. Any part may be missing, because the school may not have it. A school's system that reads FHIR tests itself against it."
* entry[child] 1..1
* entry contains plan 0..* MS
* entry[plan].resource only DeliveredHealthNeed

Profile: SchoolPlaceHeader
Parent: KithMessageHeader
Id: school-place-header
Title: "Header of a school place"
Description: "The header of a school place, about the child. Schools and local authorities send it."
* insert EventOf(school-place)
* focus 1..1

Profile: SchoolPlaceMessage
Parent: Message
Id: school-place-message
Title: "School place"
Description: "That a child attends, or attended, a school: since when, until when, and as of which day that is said. Schools and local authorities send it; it is put on the register of places and goes to nobody. The child need not have an NHS number here, because schools do not know it."
* entry[header].resource only SchoolPlaceHeader
* entry[child] 1..1
* entry contains answers 1..* MS
* entry[answers].resource only EducationAnswers or OtherAnswers
