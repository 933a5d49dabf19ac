// The reviews after the 14-day check, and the profile at the end of reception.

Profile: HealthReviewVisit
Parent: HealthVisitorVisit
Id: health-review-visit
Title: "Health review"
Description: "The review at six to eight weeks or at one year; which of them is its type (Digital Child Health encounter types 0022 and 0021). Health visiting services send it."
* type from ReviewTypeSet (required)
* class from VisitPlaceSet (required)

Profile: IntegratedReviewVisit
Parent: HealthVisitorVisit
Id: integrated-review-visit
Title: "Integrated review at two"
Description: "The health review at two, made together with the progress check of the nursery (Digital Child Health encounter type 0020). Health visiting services send it."
* type = $dch-encounter#0020
* class from VisitPlaceSet (required)

Profile: HealthReviewHeader
Parent: KithMessageHeader
Id: health-review-header
Title: "Header of a health review"
Description: "The header of a health review, about the visit. Health visiting services send it."
* insert EventOf(health-review)
* focus 1..1

Profile: HealthReviewMessage
Parent: Message
Id: health-review-message
Title: "Health review"
Description: "The health visitor's review at six to eight weeks or at one year as a message: the child, the visit and who made it, and, as far as they were asked about, measurements, feeding, physical examination, development, the mother's wellbeing, concerns, needs and plan, and the parents' permission. Health visiting services send it. Every group has the form that it has in the 14-day check."
* entry[header].resource only HealthReviewHeader
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
* entry[visit].resource only HealthReviewVisit
* entry[person].resource only ConsentGiver
* entry[observation].resource only Weight or Length or HeadCircumference or AttributedConcern or VulnerabilityFactorObservation or OtherObservation
* entry[answers].resource only FeedingAnswers or ScreeningAnswers or Asq3Answers or AsqSe2Answers or ImmunisationsAnswers or MaternalWellbeingAnswers or NeedsAnswers or OtherAnswers
* entry[plan].resource only Plan
* entry[consent].resource only HealthReviewConsent
* obeys kith-message-2

Profile: IntegratedReviewHeader
Parent: KithMessageHeader
Id: integrated-review-header
Title: "Header of an integrated review"
Description: "The header of an integrated review, about the visit. Health visiting services send it."
* insert EventOf(integrated-review)
* focus 1..1

Profile: IntegratedReviewMessage
Parent: Message
Id: integrated-review-message
Title: "Integrated review at two"
Description: "The health review at two and the progress check of the nursery as one message: the child, the visit, both professionals, and what each saw. Health visiting services send it."
* entry[header].resource only IntegratedReviewHeader
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
* entry[visit].resource only IntegratedReviewVisit
* entry[person].resource only ConsentGiver
* entry[observation].resource only Weight or Length or HeadCircumference or AttributedConcern or VulnerabilityFactorObservation or OtherObservation
* entry[answers].resource only EducationAnswers or EarlyYearsProgressAnswers or Asq3Answers or AsqSe2Answers or NeedsAnswers or OtherAnswers
* entry[plan].resource only Plan
* entry[consent].resource only IntegratedReviewConsent
* obeys kith-message-2

Profile: EyfsProfileHeader
Parent: KithMessageHeader
Id: eyfs-profile-header
Title: "Header of an early years foundation stage profile"
Description: "The header of a profile, about the child, with the school or authority that reports it."
* insert EventOf(eyfs-profile)
* focus 1..1
* sender 1..1
* sender.identifier 1..1

Profile: EyfsProfileMessage
Parent: Message
Id: eyfs-profile-message
Title: "Early years foundation stage profile"
Description: "Where a child stands in the seventeen early learning goals at the end of reception, and the school. Schools and local authorities send it."
* entry[header].resource only EyfsProfileHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains answers 1..* MS
* entry[answers].resource only EducationAnswers or EyfsProfileAnswers or OtherAnswers
