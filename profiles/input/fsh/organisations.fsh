// Organisations, and the professionals who work for them.

Invariant: kith-org-1
Description: "A local authority has a name."
Severity: #error
Expression: "type.coding.where(system = 'https://kith.example/fhir/CodeSystem/organisation-type' and code = 'local-authority').exists() implies name.exists()"

Profile: KithOrganisation
Parent: Organization
Id: organisation
Title: "Organisation"
Description: "Any organisation that has to do with a child: the health visitor's employer, the practice, a children's centre, a school, a local authority. Each is known by the identifier of its own world: ODS code, ODS site code, unique reference number (Get Information about Schools) or local authority code. Every sender uses it; every recipient may meet it."
* identifier MS
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains
    odsOrganisationCode 0..1 MS and
    odsSiteCode 0..1 and
    schoolUrn 0..1 MS and
    localAuthorityCode 0..1 MS
* identifier[odsOrganisationCode].system 1..1
* identifier[odsOrganisationCode].system = "https://fhir.nhs.uk/Id/ods-organization-code" (exactly)
* identifier[odsOrganisationCode].value 1..1
* identifier[odsSiteCode].system 1..1
* identifier[odsSiteCode].system = "https://fhir.nhs.uk/Id/ods-site-code" (exactly)
* identifier[odsSiteCode].value 1..1
* identifier[schoolUrn].system 1..1
* identifier[schoolUrn].system = "https://fhir.hl7.org.uk/Id/urn-school-number" (exactly)
* identifier[schoolUrn].value 1..1
* identifier[schoolUrn].value obeys kith-urn-1
* identifier[localAuthorityCode].system 1..1
* identifier[localAuthorityCode].system = "https://kith.example/fhir/Id/local-authority-code" (exactly)
* identifier[localAuthorityCode].value 1..1
* identifier[localAuthorityCode].value obeys kith-la-1
* name MS
* type MS
* obeys kith-org-1

Invariant: kith-urn-1
Description: "A unique reference number of a school or children's centre is six digits."
Severity: #error
Expression: "matches('^[0-9]{6}$')"

Invariant: kith-la-1
Description: "A local authority code is three digits."
Severity: #error
Expression: "matches('^[0-9]{3}$')"

Profile: Employer
Parent: KithOrganisation
Id: employer
Title: "Employer of the health visitor"
Description: "The organisation that employs the health visitor and provides the visit, known by its ODS code. Health visiting services send it, as an organisation of its own because both the visit and the health visitor point to it."
* identifier 1..
* identifier[odsOrganisationCode] 1..1

Profile: Practice
Parent: KithOrganisation
Id: practice
Title: "General practice"
Description: "The child's practice, known by its ODS code. Practices send it with the safeguarding template, of which it is the author."
* identifier 1..
* identifier[odsOrganisationCode] 1..1

Profile: ChildrensCentre
Parent: KithOrganisation
Id: childrens-centre
Title: "Children's centre"
Description: "A children's centre or family hub, known by its unique reference number (Get Information about Schools). A permission names centres by that number; a centre's own system uses this profile when it has to say who it is."
* identifier 1..
* identifier[schoolUrn] 1..1
* name 1..1

Profile: School
Parent: KithOrganisation
Id: school
Title: "School or nursery"
Description: "A school or nursery, known by its unique reference number (Get Information about Schools). School nursing services and schools use it when they have to say which school is meant."
* identifier 1..
* identifier[schoolUrn] 1..1
* name 1..1

Profile: LocalAuthority
Parent: KithOrganisation
Id: local-authority
Title: "Local authority"
Description: "The local authority whose children's social care knows the child. Practices send it with the safeguarding template; recipients learn from it whom to ask. Its code is the three digits of Get Information about Schools, for which no national FHIR system was found, so the system is Kith's own."
* type 1..1
* type = OrganisationTypeCodes#local-authority
* name 1..1

Profile: HealthVisitor
Parent: PractitionerRole
Id: health-visitor
Title: "Health visitor"
Description: "The health visitor who made the visit, by name and NMC number on the reference itself: the forms say nothing more that would need a Practitioner. The team stands where the service stands in FHIR. Health visiting services send it."
* code 1..1 MS
* code = $dch-profession#330
* practitioner 1..1 MS
* practitioner.display 1..1
* practitioner.identifier MS
* practitioner.identifier.system 1..1
* practitioner.identifier.system = "https://fhir.hl7.org.uk/Id/nmc-number" (exactly)
* practitioner.identifier.value 1..1
* organization 1..1 MS
* organization only Reference(KithOrganisation)
* healthcareService MS
* telecom MS

Profile: LeadSocialWorker
Parent: PractitionerRole
Id: lead-social-worker
Title: "Lead social worker"
Description: "The social worker who leads for this child: the person whom a recipient should phone. Practices send it with the safeguarding template, as far as they know it."
* code 1..1 MS
* code = ProfessionalRoleCodes#lead-social-worker
* practitioner 1..1 MS
* practitioner.display 1..1
* organization MS
* organization only Reference(LocalAuthority)
* telecom MS

Profile: ConcernRaiser
Parent: PractitionerRole
Id: concern-raiser
Title: "Who raised a concern"
Description: "Whom to phone about a concern: name, role in their own words, phone number. Whoever raises a concern sends it; it belongs to the dataset safeguarding."
* code 1..1 MS
* code = ProfessionalRoleCodes#raised-by
* practitioner 1..1 MS
* practitioner.display 1..1
* practitioner.extension contains ObserverRole named role 0..1
* telecom MS

Profile: Professional
Parent: PractitionerRole
Id: professional
Title: "GP or other professional"
Description: "Whoever filled in a form, such as the GP or the practice's safeguarding lead, with the role in the practice's own words. Practices send it. A health visitor, a lead social worker and whoever raised a concern have profiles of their own."
* practitioner 1..1 MS
* practitioner.display 1..1
* organization MS
* code 0..1 MS
* obeys kith-professional-1

Invariant: kith-professional-1
Description: "A health visitor, a lead social worker and whoever raised a concern meet the profile of that role."
Severity: #error
Expression: "code.coding.where((system = 'https://fhir.nhs.uk/STU3/CodeSystem/DCH-ProfessionalType-1' and code = '330') or (system = 'https://kith.example/fhir/CodeSystem/professional-role' and (code = 'lead-social-worker' or code = 'raised-by'))).empty()"
