// Where a child is registered: practice and children's centre; what a centre offers, and whom it reaches.

Profile: PracticeRegistration
Parent: EpisodeOfCare
Id: practice-registration
Title: "Registration with a practice"
Description: "Since when, or until when, a child is registered with a practice. Practices and child health information services send it with a move."
* type 1..1
* type = EpisodeOfCareCodes#general-practice
* patient only Reference(Child)
* managingOrganization 1..1 MS
* managingOrganization.identifier 1..1
* managingOrganization.identifier.system = "https://fhir.nhs.uk/Id/ods-organization-code" (exactly)
* period MS

Profile: GpMoveHeader
Parent: KithMessageHeader
Id: gp-move-header
Title: "Header of a move"
Description: "The header of a move, about the child, with the service that knows of it."
* insert EventOf(gp-move)
* focus 1..1
* sender 1..1
* sender.identifier 1..1

Profile: GpMoveMessage
Parent: Message
Id: gp-move-message
Title: "Move"
Description: "That a child has another address or another practice: the child as it is now, the address before, and its registrations. Practices and child health information services send it."
* entry[header].resource only GpMoveHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains registration 0..2 MS
* entry[registration].resource only PracticeRegistration

Profile: CentreRegistration
Parent: EpisodeOfCare
Id: centre-registration
Title: "Registration at a children's centre"
Description: "Since when a family is registered at a children's centre, and until when it was. Children's centres send it; it belongs to the dataset registration. Being on the monthly list of births is no registration."
* type 1..1
* type = EpisodeOfCareCodes#childrens-centre
* patient only Reference(Child)
* managingOrganization MS
* period 1..1
* period.start 1..1
* extension contains ReasonLeft named reasonLeft 0..1
* obeys kith-registration-1

Invariant: kith-registration-1
Description: "An active registration has no last day, and one that has ended is finished."
Severity: #error
Expression: "(status = 'active' and period.end.empty()) or (status = 'finished' and period.end.exists())"

Profile: CentreAttendance
Parent: Encounter
Id: centre-attendance
Title: "Came to a children's centre"
Description: "One day on which a family came to something at a children's centre. Children's centres send it; it belongs to the dataset registration."
* status = #finished (exactly)
* class = $act-code#AMB
* type 1..1
* type = EncounterTypeCodes#centre-attendance
* subject 1..1
* subject only Reference(Child)
* episodeOfCare 1..1
* serviceType MS
* period 1..1
* period.start 1..1

Profile: CentreRegistrationHeader
Parent: KithMessageHeader
Id: centre-registration-header
Title: "Header of a registration at a children's centre"
Description: "The header of a registration, about the registration, with the centre that reports it."
* insert EventOf(centre-registration)
* focus 1..1
* sender 1..1
* sender.identifier 1..1

Profile: CentreRegistrationMessage
Parent: Message
Id: centre-registration-message
Title: "Registration at a children's centre"
Description: "That a family registered at a children's centre, came to something, or left. Children's centres send it."
* entry[header].resource only CentreRegistrationHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains
    person 0..1 MS and
    registration 1..1 MS and
    attendance 0..* MS
* entry[person].resource only HouseholdMemberPerson
* entry[registration].resource only CentreRegistration
* entry[attendance].resource only CentreAttendance

Profile: CentreService
Parent: HealthcareService
Id: centre-service
Title: "Service of a children's centre"
Description: "What a children's centre offers: what, for whom, when and where. It is about no child. Children's centres and local authorities write it for directories of services."
* identifier 1..1 MS
* identifier.value 1..1
* active 1..1
* name 1..1
* providedBy MS
* eligibility MS
* availableTime MS
* availableTime.daysOfWeek 1..
* extension contains AgeRange named ages 0..1 MS

Profile: LinkedProfessional
Parent: PractitionerRole
Id: linked-professional
Title: "Professional linked to a service"
Description: "The health visitor or the speech and language therapist who belongs to a service and can be asked. Children's centres write it for directories of services."
* code 1..1
* practitioner 1..1
* practitioner.display 1..1
* healthcareService 1..1

Profile: ServiceDirectoryHeader
Parent: KithMessageHeader
Id: service-directory-header
Title: "Header of a service of a children's centre"
Description: "The header of an entry of a directory of services, about the service."
* insert EventOf(service-directory)
* focus 1..1
* sender 1..1
* sender.identifier 1..1

Profile: ServiceDirectoryMessage
Parent: Message
Id: service-directory-message
Title: "Service of a children's centre"
Description: "One service of a children's centre, with its place and the professionals linked to it, as a message without a child."
* entry[header].resource only ServiceDirectoryHeader
* entry[child] 0..0
* entry contains
    service 1..1 MS and
    place 0..1 MS and
    professional 0..2 MS
* entry[service].resource only CentreService
* entry[place].resource only Location
* entry[professional].resource only LinkedProfessional

Instance: MeasureCentreReach
InstanceOf: Measure
Usage: #definition
Title: "Reach of a children's centre"
Description: "How many of the families in its area a children's centre reached in a month."
* insert Published
* id = "centre-reach"
* url = "https://kith.example/fhir/Measure/centre-reach"
* name = "CentreReach"
* title = "Reach of a children's centre"
* description = "How many of the families in its area a children's centre reached in a month."

Profile: CentreReachReport
Parent: MeasureReport
Id: centre-reach-report
Title: "Reach of a children's centre"
Description: "The counts of one children's centre in one month, a group each. It is about no child. Children's centres write it for their local authority."
* status = #complete (exactly)
* type = #summary (exactly)
* measure = "https://kith.example/fhir/Measure/centre-reach" (exactly)
* reporter MS
* period.start 1..1
* group 1..
* group.code 1..1
* group.code from CentreReachSet (required)
* group.population 1..1
* group.population.count 1..1

ValueSet: CentreReachSet
Id: centre-reach
Title: "Counts of a children's centre"
Description: "What a children's centre counts in a month."
* ^experimental = false
* include codes from system CentreReachCodes

Profile: CentreReachHeader
Parent: KithMessageHeader
Id: centre-reach-header
Title: "Header of the reach of a children's centre"
Description: "The header of a month's counts, about the report."
* insert EventOf(centre-reach)
* focus 1..1
* sender 1..1
* sender.identifier 1..1

Profile: CentreReachMessage
Parent: Message
Id: centre-reach-message
Title: "Reach of a children's centre"
Description: "The counts of one children's centre in one month, as a message without a child."
* entry[header].resource only CentreReachHeader
* entry[child] 0..0
* entry contains report 1..1 MS
* entry[report].resource only CentreReachReport
