// Examples that meet their profile. All people, places and numbers are invented. Complete messages stand in examples/pass
// as Kith writes them (profiles/make-examples).

RuleSet: About(child)
* subject = Reference(Patient/{child})

Instance: registered-child-maja
InstanceOf: RegisteredChild
Title: "Maja, as the health visitor's form names her"
Usage: #example
* identifier[nhsNumber].value = "9990000018"
* name[official].given[0] = "Maja"
* name[official].given[1] = "Rose"
* name[official].family = "Whitlock"
* birthDate = "2026-03-02"
* gender = #female
* address[home].line[0] = "Flat 2"
* address[home].line[1] = "14 Weir Lane"
* address[home].city = "Kenford"
* address[home].postalCode = "CV99 1AA"
* address[home].extension[+].url = $address-key
* address[home].extension[=].extension[+].url = "type"
* address[home].extension[=].extension[=].valueCodeableConcept = $address-key-type#UPRN "Unique Property Reference Number"
* address[home].extension[=].extension[+].url = "value"
* address[home].extension[=].extension[=].valueString = "100099900014"
* communication.language = urn:ietf:bcp:47#en
* extension[interpreterRequired].valueBoolean = false
* multipleBirthInteger = 1
* generalPractitioner.identifier.system = $ods
* generalPractitioner.identifier.value = "Y99901"
* generalPractitioner.display = "Weir Lane Surgery"

Instance: child-without-name
InstanceOf: Child
Title: "A child of whom the recipient may know the birth date and the address alone"
Usage: #example
* birthDate = "2026-03-02"
* address[home].line[0] = "14 Weir Lane"
* address[home].city = "Kenford"

Instance: identified-child-ellis
InstanceOf: IdentifiedChild
Title: "Ellis, by NHS number alone"
Usage: #example
* identifier[nhsNumber].value = "9990004129"

Instance: related-person-given-name
InstanceOf: RelatedPersonOfChild
Title: "A person of whom only the given name is known"
Usage: #example
* patient = Reference(Patient/registered-child-maja)
* name[official].given = "Gran"

Instance: household-person-mother
InstanceOf: HouseholdMemberPerson
Title: "Maja's mother"
Usage: #example
* patient = Reference(Patient/registered-child-maja)
* name[official].given = "Hannah"
* name[official].family = "Whitlock"
* relationship = $nhsdd-relationship#BPM "Biological mother"
* relationship.coding[1] = $role-code#NMTH "natural mother"
* relationship.text = "Biological mother"
* birthDate = "1996-08-19"
* telecom.system = #phone
* telecom.value = "07700 900123"
* extension[parentalResponsibility].valueBoolean = true
* extension[householdMember].valueBoolean = true

Instance: consent-giver-mother
InstanceOf: ConsentGiver
Title: "Who gave the permission"
Usage: #example
* patient = Reference(Patient/registered-child-maja)
* name[official].given = "Hannah"
* name[official].family = "Whitlock"
* relationship = $nhsdd-relationship#BPM "Biological mother"
* extension[parentalResponsibility].valueBoolean = true

Instance: employer-kenford
InstanceOf: Employer
Title: "The health visitor's employer"
Usage: #example
* identifier[odsOrganisationCode].value = "RZ998"
* name = "Kenford and District Community NHS Trust"

Instance: practice-aldermere
InstanceOf: Practice
Title: "The child's practice"
Usage: #example
* identifier[odsOrganisationCode].value = "Y99902"
* name = "Aldermere Health Centre"

Instance: organisation-hospital
InstanceOf: KithOrganisation
Title: "A hospital by its site code"
Usage: #example
* identifier[odsSiteCode].value = "RZ99801"
* name = "Kenford General Hospital"

Instance: childrens-centre-kenford-north
InstanceOf: ChildrensCentre
Title: "A children's centre"
Usage: #example
* identifier[schoolUrn].value = "900101"
* name = "Kenford North Children's Centre"

Instance: school-mill-street
InstanceOf: School
Title: "A school"
Usage: #example
* identifier[schoolUrn].value = "900202"
* name = "Mill Street Primary School"

Instance: local-authority-kenfordshire
InstanceOf: LocalAuthority
Title: "The local authority"
Usage: #example
* type = OrganisationTypeCodes#local-authority "Local authority"
* identifier[localAuthorityCode].value = "998"
* name = "Kenfordshire County Council"

Instance: health-visitor-okafor
InstanceOf: HealthVisitor
Title: "The health visitor"
Usage: #example
* code = $dch-profession#330 "SCPHN Health Visitor"
* practitioner.display = "Ruth Okafor"
* practitioner.identifier.value = "09K1234E"
* organization = Reference(Organization/employer-kenford)
* healthcareService.display = "Kenford North Health Visiting"
* telecom.system = #phone
* telecom.value = "01632 960411"

Instance: lead-social-worker-nandakumar
InstanceOf: LeadSocialWorker
Title: "The lead social worker"
Usage: #example
* code = ProfessionalRoleCodes#lead-social-worker "Lead social worker"
* practitioner.display = "Priya Nandakumar"
* organization = Reference(Organization/local-authority-kenfordshire)
* telecom.system = #phone
* telecom.value = "01632 960777"

Instance: professional-loxley
InstanceOf: Professional
Title: "The GP who filled in the template"
Usage: #example
* code.text = "Safeguarding lead"
* practitioner.display = "Dr Anne Loxley"
* organization = Reference(Organization/practice-aldermere)

Instance: first-visit-maja
InstanceOf: FirstVisit
Title: "The first visit"
Usage: #example
* class = $act-code#HH "home health"
* type = EncounterTypeCodes#first-visit "First visit by the health visitor"
* insert About(registered-child-maja)
* participant.individual = Reference(PractitionerRole/health-visitor-okafor)
* serviceProvider = Reference(Organization/employer-kenford)
* period.start = "2026-03-13"

Instance: new-birth-visit-maja
InstanceOf: NewBirthVisit
Title: "The 14-day check"
Usage: #example
* class = $act-code#HH "home health"
* type = $dch-encounter#0023 "New Baby Health Visitor Review"
* insert About(registered-child-maja)
* participant.individual = Reference(PractitionerRole/health-visitor-okafor)
* serviceProvider = Reference(Organization/employer-kenford)
* period.start = "2026-03-16T10:00:00Z"

RuleSet: AtTheVisit(loinc, loincName, sct, sctName)
* category.coding.system = "http://terminology.hl7.org/CodeSystem/observation-category"
* category.coding.code = #vital-signs
* category.coding.display = "Vital Signs"
* code.coding[loinc] = $loinc#{loinc} "{loincName}"
* code.coding[snomedCT] = $sct#{sct} "{sctName}"
* insert About(registered-child-maja)
* encounter = Reference(Encounter/new-birth-visit-maja)
* effectiveDateTime = "2026-03-16"

Instance: weight-maja
InstanceOf: Weight
Title: "Weight at the 14-day check"
Usage: #example
* insert AtTheVisit(29463-7, Body weight, 27113001, Body weight)
* valueQuantity = 2.71 'kg' "kilogram"

Instance: length-maja
InstanceOf: Length
Title: "Length at the 14-day check"
Usage: #example
* insert AtTheVisit(8302-2, Body height, 50373000, Body height)
* valueQuantity = 47.5 'cm' "centimeter"

Instance: head-circumference-maja
InstanceOf: HeadCircumference
Title: "Head circumference at the 14-day check"
Usage: #example
* insert AtTheVisit(9843-4, Head Occipital-frontal circumference, 363812007, Head circumference)
* valueQuantity = 33.2 'cm' "centimeter"

Instance: birth-weight-maja
InstanceOf: BirthWeight
Title: "Weight at birth"
Usage: #example
* code = $sct#364589006 "Birth weight"
* insert About(registered-child-maja)
* valueQuantity = 2.46 'kg' "kilogram"

Instance: vulnerability-factor-maja
InstanceOf: VulnerabilityFactorObservation
Title: "A factor of the list"
Usage: #example
* category = $observation-category#social-history "Social History"
* code = ObservationCodes#vulnerability-factor "Vulnerability factor"
* insert About(registered-child-maja)
* valueCodeableConcept = VulnerabilityFactorCodes#preterm-birth "Born before 37 weeks"
* valueCodeableConcept.text = "Born before 37 weeks"
* note.text = "Feeding now established."

Instance: vulnerability-factor-in-words
InstanceOf: VulnerabilityFactorObservation
Title: "A factor that no list knows"
Usage: #example
* category = $observation-category#social-history "Social History"
* code = ObservationCodes#vulnerability-factor "Vulnerability factor"
* insert About(registered-child-maja)
* valueCodeableConcept.text = "Father works away for weeks at a time"

Instance: other-observation-eye-colour
InstanceOf: OtherObservation
Title: "An observation that Kith has no profile for"
Usage: #example
* status = #final
* code.text = "Colour of the eyes"
* insert About(registered-child-maja)
* valueString = "blue"

Instance: plan-maja
InstanceOf: Plan
Title: "What was agreed"
Usage: #example
* insert About(registered-child-maja)
* activity[0].detail.description = "Weigh again at the baby clinic."
* activity[0].detail.status = #not-started
* activity[0].detail.performer.display = "Ruth Okafor"
* activity[0].detail.scheduledPeriod.end = "2026-03-30"
* activity[1].detail.description = "Leaflet on safe sleep given."
* activity[1].detail.status = #completed

Instance: concern-without-observer
InstanceOf: Concern
Title: "A concern as a recipient reads it"
Usage: #example
* category = $observation-category#social-history "Social History"
* code = ObservationCodes#concern "Concern about a child"
* insert About(identified-child-ellis)
* valueString = "The home was cold and without food on two visits."
* extension[basis].valueCode = #reported

Instance: attributed-concern-ellis
InstanceOf: AttributedConcern
Title: "A concern with basis, observer, evidence and day"
Usage: #example
* category = $observation-category#social-history "Social History"
* code = ObservationCodes#concern "Concern about a child"
* insert About(identified-child-ellis)
* valueString = "Not brought for the hearing screen or for the first weighing."
* extension[basis].valueCode = #fact
* extension[evidence].valueString = "Practice record; letter from the hearing service of 11 March 2026."
* performer.display = "Dr Anne Loxley"
* performer.extension[observerRole].valueString = "GP"
* effectiveDateTime = "2026-04-09"

Instance: was-not-brought-ellis
InstanceOf: WasNotBrought
Title: "Not brought to the hearing screen"
Usage: #example
* category = $observation-category#social-history "Social History"
* code = ObservationCodes#was-not-brought "Child was not brought to an appointment"
* insert About(identified-child-ellis)
* effectiveDateTime = "2026-03-10"
* valueString = "Newborn hearing screening"

Instance: safeguarding-flag-in-words
InstanceOf: SafeguardingFlag
Title: "A flag in words, from another system"
Usage: #example
* status = #active
* code.text = "Child at risk: ask the duty social worker"
* insert About(identified-child-ellis)

Instance: register-entry-active
InstanceOf: RegisterEntry
Title: "On a child protection plan"
Usage: #example
* status = #active
* category = FlagCategoryCodes#safeguarding "Safeguarding"
* code = $sct#342191000000101 "Subject to child protection plan"
* code.text = "Subject to child protection plan"
* insert About(identified-child-ellis)
* period.start = "2026-03-01"
* author = Reference(Organization/practice-aldermere)
* extension[abuseCategory].valueCodeableConcept = AbuseCategoryCodes#neglect "Neglect"
* extension[startedBy].valueString = "Child protection conference"

Instance: register-entry-ended
InstanceOf: RegisterEntry
Title: "A plan for the unborn child, superseded at birth"
Usage: #example
* status = #inactive
* category = FlagCategoryCodes#safeguarding "Safeguarding"
* code = $sct#818901000000100 "Unborn child subject to child protection plan"
* insert About(identified-child-ellis)
* period.start = "2026-01-20"
* period.end = "2026-03-01"
* extension[note].valueString = "Became the plan that began at birth."
* extension[1].url = $removal-reason
* extension[1].valueCoding = RemovalReasonCodes#superseded "Superseded by another entry"

Instance: pushed-flag-active
InstanceOf: PushedFlag
Title: "A flag as it is pushed"
Usage: #example
* status = #active
* code = $sct#836881000000105 "Child is cause for safeguarding concern"
* subject.identifier.system = $nhs-number
* subject.identifier.value = "9990004129"

Instance: pushed-flag-ended
InstanceOf: PushedFlag
Title: "A flag that is ended, with its reason"
Usage: #example
* status = #inactive
* code = $sct#836881000000105 "Child is cause for safeguarding concern"
* subject.identifier.system = $nhs-number
* subject.identifier.value = "9990004129"
* period.end = "2026-06-02"
* extension[+].url = $removal-reason
* extension[=].valueCoding = RemovalReasonCodes#no-longer-applies "No longer applies"

RuleSet: Answer(link)
* item[+].linkId = "{link}"

Instance: birth-answers-maja
InstanceOf: BirthAnswers
Title: "Birth"
Usage: #example
* insert About(registered-child-maja)
* encounter = Reference(Encounter/new-birth-visit-maja)
* insert Answer(gestationWeeks)
* item[=].answer.valueInteger = 36
* insert Answer(placeOfBirth)
* item[=].answer.valueReference.identifier.system = $ods-site
* item[=].answer.valueReference.identifier.value = "RZ99801"
* item[=].answer.valueReference.display = "Kenford General Hospital"
* insert Answer(delivery)
* item[=].answer.valueCoding = DeliveryCodes#emergency-caesarean "Emergency caesarean section"
* insert Answer(apgar1Minute)
* item[=].answer.valueInteger = 7

Instance: feeding-answers-maja
InstanceOf: FeedingAnswers
Title: "Feeding"
Usage: #example
* insert About(registered-child-maja)
* encounter = Reference(Encounter/new-birth-visit-maja)
* insert Answer(feedingStatus)
* item[=].answer.valueCoding = $nhsdd-breastfeeding#02 "Partially breast milk feeding"
* insert Answer(feedingMethod)
* item[=].answer.valueCoding = FeedingMethodCodes#breast-and-bottle "Breast and bottle feeding"

Instance: screening-answers-maja
InstanceOf: ScreeningAnswers
Title: "Newborn screening"
Usage: #example
* insert About(registered-child-maja)
* encounter = Reference(Encounter/new-birth-visit-maja)
* insert Answer(hearingDone)
* item[=].answer.valueBoolean = true
* insert Answer(hearingOutcome)
* item[=].answer.valueCoding = HearingOutcomeCodes#clear "Clear response, no follow-up required"
* insert Answer(bloodSpotDone)
* item[=].answer.valueBoolean = false
* insert Answer(bloodSpotNotes)
* item[=].answer.valueString = "To be taken again."

Instance: maternal-wellbeing-answers-whitlock
InstanceOf: MaternalWellbeingAnswers
Title: "The mother's answers"
Usage: #example
* insert About(registered-child-maja)
* insert Answer(whooleyLowMood)
* item[=].answer.valueBoolean = true
* insert Answer(epdsScore)
* item[=].answer.valueInteger = 11

Instance: household-answers-whitlock
InstanceOf: HouseholdAnswers
Title: "The home"
Usage: #example
* insert About(registered-child-maja)
* insert Answer(householdSmokingStatus)
* item[=].answer.valueCoding = $sct#1104241000000108 "Ex smoker in household"
* insert Answer(safeSleepDiscussed)
* item[=].answer.valueBoolean = true

Instance: safeguarding-answers-ellis
InstanceOf: SafeguardingAnswers
Title: "Review, referral, and who was with the child"
Usage: #example
* insert About(identified-child-ellis)
* author = Reference(PractitionerRole/professional-loxley)
* authored = "2026-04-09T12:15:00+01:00"
* insert Answer(reviewDate)
* item[=].answer.valueDate = "2026-06-02"
* insert Answer(referralSource)
* item[=].answer.valueString = "Midwife"
* insert Answer(referralDate)
* item[=].answer.valueDateTime = "2025-12-11"
* insert Answer(whoWasWithChild)
* item[=].item[0].linkId = "whoWasWithChildName"
* item[=].item[0].answer.valueString = "Dean Stagg"
* item[=].item[1].linkId = "whoWasWithChildRelationship"
* item[=].item[1].answer.valueString = "said to be the mother's partner"

Instance: needs-answers-maja
InstanceOf: NeedsAnswers
Title: "Level of service"
Usage: #example
* insert About(registered-child-maja)
* insert Answer(levelOfService)
* item[=].answer.valueCoding = LevelOfServiceCodes#universal-plus "Universal Plus"

Instance: education-answers-ellis
InstanceOf: EducationAnswers
Title: "Nursery"
Usage: #example
* insert About(identified-child-ellis)
* insert Answer(educationalEstablishmentType)
* item[=].answer.valueCoding = https://fhir.nhs.uk/STU3/CodeSystem/DCH-EducationalEstablishmentType-1#1 "Nursery"
* insert Answer(educationalEstablishment)
* item[=].answer.valueReference.identifier.system = $school-urn
* item[=].answer.valueReference.identifier.value = "900202"
* item[=].answer.valueReference.display = "Mill Street Nursery"

Instance: delivered-consent-no-visit
InstanceOf: DeliveredConsent
Title: "The rule that nobody may call unannounced, without the rest"
Usage: #example
* status = #active
* scope = $consent-scope#patient-privacy "Privacy Consent"
* category = ConsentCategoryCodes#first-visit-form "Permission given at the first visit"
* policyRule = $act-code#OPTIN "opt-in"
* patient = Reference(Patient/child-without-name)
* extension[noVisitRule].valueBoolean = true
* extension[noVisitReason].valueString = "A large dog."

Instance: sharing-consent-practice
InstanceOf: SharingConsent
Title: "A permission for one organisation by ODS code"
Usage: #example
* status = #active
* scope = $consent-scope#patient-privacy "Privacy Consent"
* category = http://loinc.org#64292-6
* policyRule = $act-code#OPTIN "opt-in"
* patient.identifier.system = $nhs-number
* patient.identifier.value = "9990000018"
* dateTime = "2026-05-04"
* performer.display = "Hannah Whitlock"
* provision.type = #permit
* provision.class[0] = DatasetCodes#identity "Identity"
* provision.class[1] = DatasetCodes#feeding "Feeding"
* provision.actor.role = $participation#PRCP
* provision.actor.reference.identifier.system = $ods
* provision.actor.reference.identifier.value = "Y99901"

Instance: decision-not-to-share-father
InstanceOf: DecisionNotToShare
Title: "A decision not to tell one school"
Usage: #example
* status = #active
* scope = $consent-scope#patient-privacy "Privacy Consent"
* category = ProfessionalDecisionCodes#not-to-share "Decision not to share"
* policyRule = $act-code#OPTOUT "opt-out"
* patient.identifier.system = $nhs-number
* patient.identifier.value = "9990000018"
* dateTime = "2026-05-04"
* performer.display = "Ruth Anand, named nurse for safeguarding children"
* extension[reason].valueString = "The father works there and does not know where the family lives."
* provision.type = #deny
* provision.class[0] = DatasetCodes#identity "Identity"
* provision.actor.role = $participation#PRCP
* provision.actor.reference.identifier.system = "https://fhir.hl7.org.uk/Id/urn-school-number"
* provision.actor.reference.identifier.value = "900103"

RuleSet: AskedAboutMaja(decision)
* status = #active
* scope = $consent-scope#patient-privacy "Privacy Consent"
* policyRule = $act-code#OPTIN "opt-in"
* patient = Reference(Patient/registered-child-maja)
* performer = Reference(RelatedPerson/consent-giver-mother)
* provision.type = #{decision}
* provision.purpose = PurposeCodes#early-years-support "Services of children's centres"

Instance: first-visit-consent-named-centre
InstanceOf: FirstVisitConsent
Title: "Name, birth date and address for one centre"
Usage: #example
* insert AskedAboutMaja(permit)
* category = ConsentCategoryCodes#first-visit-form "Permission given at the first visit"
* dateTime = "2026-03-13T10:40:00Z"
* provision.period.end = "2031-03-02"
* provision.class[0] = DatasetCodes#identity/name "Name"
* provision.class[1] = DatasetCodes#identity/birth-date "Birth date"
* provision.class[2] = DatasetCodes#identity/address "Address"
* provision.actor.role = $participation#PRCP
* provision.actor.reference.identifier.value = "900101"
* provision.actor.reference.display = "Kenford North Children's Centre"
* provision.extension[localCentres].valueBoolean = false
* extension[noVisitRule].valueBoolean = false

Instance: first-visit-consent-refused
InstanceOf: FirstVisitConsent
Title: "A refusal: it names nobody and so refuses to all centres"
Usage: #example
* insert AskedAboutMaja(deny)
* category = ConsentCategoryCodes#first-visit-form "Permission given at the first visit"
* dateTime = "2026-03-13"

Instance: new-birth-visit-consent-local-centres
InstanceOf: NewBirthVisitConsent
Title: "Feeding and needs for all local centres"
Usage: #example
* insert AskedAboutMaja(permit)
* category = ConsentCategoryCodes#new-birth-visit "Permission given at the new-birth visit"
* dateTime = "2026-03-16T10:55:00Z"
* provision.class[0] = DatasetCodes#identity/name "Name"
* provision.class[1] = DatasetCodes#feeding "Feeding"
* provision.class[2] = DatasetCodes#needs "Needs and plan"
* provision.extension[localCentres].valueBoolean = true

Instance: receipt-delivered
InstanceOf: Receipt
Title: "Delivered to a children's centre"
Usage: #example
* groupIdentifier.value = "urn:uuid:211f6e08-fce8-5c5a-924a-4555317ed82a"
* status = #completed
* statusReason.text = "The parents agreed."
* code = TaskCodes#deliver
* code.text = "Deliver first-visit-form"
* authoredOn = "2026-03-13T11:02:10.120Z"
* lastModified = "2026-03-13T11:02:11.004Z"
* requester.identifier.system = $ods
* requester.identifier.value = "RZ998"
* requester.display = "Kenford and District Community NHS Trust"
* owner.display = "kenford-north-centre"
* output[dataset][0].type = ReceiptCodes#dataset
* output[dataset][0].valueString = "identity/name"
* output[dataset][1].type = ReceiptCodes#dataset
* output[dataset][1].valueString = "identity/address"
* output[ground].type = ReceiptCodes#ground
* output[ground].valueString = "consent"
* output[attempts].type = ReceiptCodes#attempts
* output[attempts].valueString = "1"

RuleSet: Disclosed
* type = $dcm#110106 "Export"
* recorded = "2026-03-13T11:02:10.120Z"
* agent[sender].type = $dcm#110153
* agent[sender].who.identifier.system = $ods
* agent[sender].who.identifier.value = "RZ998"
* agent[sender].who.display = "Kenford and District Community NHS Trust"
* agent[sender].requestor = true
* agent[recipient].type = $dcm#110152
* agent[recipient].who.identifier.system = $school-urn
* agent[recipient].who.identifier.value = "900101"
* agent[recipient].who.display = "Kenford North Children's Centre"
* agent[recipient].requestor = false
* source.observer.display = "Kith"
* entity[child].role = $object-role#1 "Patient"
* entity[child].what.identifier.system = $child-key
* entity[child].what.identifier.value = "9f2c41d07be86a35"
* entity[message].role = $object-role#4 "Domain Resource"
* entity[message].what.identifier.system = "urn:ietf:rfc:3986"
* entity[message].what.identifier.value = "urn:uuid:211f6e08-fce8-5c5a-924a-4555317ed82a"
* entity[message].detail[0].type = "kind"
* entity[message].detail[0].valueString = "first-visit-form"

Instance: disclosure-event-release
InstanceOf: DisclosureEvent
Title: "Name and address released to a children's centre"
Usage: #example
* insert Disclosed
* subtype = DisclosureCodes#releasing "Released"
* outcome = #0
* outcomeDesc = "The parents agreed."
* agent[recipient].policy = "https://kith.example/fhir/policy/consent-childrens-centre"
* agent[recipient].purposeOfUse = GroundCodes#consent "Consent"
* action = #E
* entity[message].detail[1].type = "released"
* entity[message].detail[1].valueString = "identity/name, identity/address: A person with parental responsibility agreed that this children's centre may have it."
* entity[consent].role = $object-role#13 "Security Resource"
* entity[consent].what.reference = "Consent/first-visit-consent-named-centre"

Instance: disclosure-event-refusal
InstanceOf: DisclosureEvent
Title: "The household withheld from a children's centre"
Usage: #example
* insert Disclosed
* subtype = DisclosureCodes#withheld "Withheld"
* outcome = #0
* outcomeDesc = "No policy permits it."
* action = #E
* entity[message].detail[1].type = "withheld"
* entity[message].detail[1].valueString = "household: No consent that can be relied on covers it, and there is no other ground."

Instance: message-provenance-centre
InstanceOf: MessageProvenance
Title: "Where a delivered message came from"
Usage: #example
* target.identifier.system = "urn:ietf:rfc:3986"
* target.identifier.value = "urn:uuid:5d0b6c9e-7f6d-4f6e-8f44-1c7a4c1f0d21"
* recorded = "2026-03-13T11:02:10.120Z"
* reason = GroundCodes#consent "Consent"
* policy = "https://kith.example/fhir/policy/consent-childrens-centre"
* agent[author].type = $provenance-agent#author "Author"
* agent[author].who.identifier.system = $ods
* agent[author].who.identifier.value = "RZ998"
* agent[author].who.display = "Kenford and District Community NHS Trust"
* agent[assembler].type = $provenance-agent#assembler "Assembler"
* agent[assembler].who.display = "Kith"
* entity.role = #source
* entity.what.identifier.system = "urn:ietf:rfc:3986"
* entity.what.identifier.value = "urn:uuid:211f6e08-fce8-5c5a-924a-4555317ed82a"

Instance: delivered-header-inline
InstanceOf: DeliveredHeader
Usage: #inline
* id = "5d0b6c9e-7f6d-4f6e-8f44-1c7a4c1f0d21"
* eventCoding = MessageEventCodes#new-birth-visit
* source.name = "Kenford and District Community NHS Trust"
* source.endpoint = "urn:nhs-uk:addressing:ods:RZ998"
* sender.identifier.system = $ods
* sender.identifier.value = "RZ998"
* sender.display = "Kenford and District Community NHS Trust"
* reason = GroundCodes#consent
* reason.text = "The parents agreed."

Instance: delivered-child-inline
InstanceOf: Child
Usage: #inline
* name[official].given = "Maja"
* name[official].family = "Whitlock"

Instance: delivered-feeding-inline
InstanceOf: FeedingAnswers
Usage: #inline
* subject = Reference(urn:uuid:23021844-4047-5e20-a8c4-d97dd79f3267)
* insert Answer(feedingMethod)
* item[=].answer.valueCoding = FeedingMethodCodes#breast-and-bottle "Breast and bottle feeding"

Instance: delivered-message-centre
InstanceOf: DeliveredMessage
Title: "What a children's centre receives of a 14-day check"
Usage: #example
* timestamp = "2026-03-16T11:02:10.120Z"
* entry[header].fullUrl = "urn:uuid:5d0b6c9e-7f6d-4f6e-8f44-1c7a4c1f0d21"
* entry[header].resource = delivered-header-inline
* entry[child].fullUrl = "urn:uuid:23021844-4047-5e20-a8c4-d97dd79f3267"
* entry[child].resource = delivered-child-inline
* entry[answers].fullUrl = "urn:uuid:1b55dd08-f6e3-5b04-941a-561fd7057a1f"
* entry[answers].resource = delivered-feeding-inline

RuleSet: FromKenford(event)
* eventCoding = MessageEventCodes#{event}
* source.endpoint = "urn:nhs-uk:addressing:ods:RZ998"

Instance: header-of-first-visit-form
InstanceOf: FirstVisitFormHeader
Title: "Header of a first-visit form"
Usage: #example
* insert FromKenford(first-visit-form)
* focus = Reference(Patient/registered-child-maja)

Instance: header-of-14-day-check
InstanceOf: NewBirthVisitHeader
Title: "Header of a 14-day check"
Usage: #example
* insert FromKenford(new-birth-visit)
* focus = Reference(Encounter/new-birth-visit-maja)

Instance: header-of-safeguarding-template
InstanceOf: SafeguardingTemplateHeader
Title: "Header of a safeguarding template"
Usage: #example
* insert FromKenford(safeguarding-template)
* source.endpoint = "urn:nhs-uk:addressing:ods:Y99902"
* focus = Reference(Patient/identified-child-ellis)
* reason = GroundCodes#safeguarding-duty "Duty to safeguard"
* reason.text = "A missed contact must be acted upon the same day."

Instance: header-of-safeguarding-flag
InstanceOf: SafeguardingFlagHeader
Title: "Header of a safeguarding flag"
Usage: #example
* insert FromKenford(safeguarding-flag)
* source.endpoint = "urn:nhs-uk:addressing:ods:Y99902"

Instance: header-as-delivered
InstanceOf: DeliveredHeader
Title: "Header as Kith writes it for a recipient"
Usage: #example
* insert FromKenford(new-birth-visit)
* source.name = "Kenford and District Community NHS Trust"
* sender.identifier.system = $ods
* sender.identifier.value = "RZ998"
* sender.display = "Kenford and District Community NHS Trust"
* reason = GroundCodes#consent "Consent"
* reason.text = "The parents agreed."

Instance: other-answers-sleep
InstanceOf: OtherAnswers
Title: "Answers to another system's questions"
Usage: #example
* status = #completed
* questionnaire = "https://sleep.example/fhir/Questionnaire/nights"
* insert About(registered-child-maja)
* insert Answer(hours)
* item[=].answer.valueInteger = 14
