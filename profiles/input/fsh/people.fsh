// The child, and the people around it.

Invariant: kith-name-1
Description: "A name has a family name or a given name."
Severity: #error
Expression: "family.exists() or given.exists()"

Profile: Child
Parent: Patient
Id: child
Title: "Child"
Description: "The child, as far as a recipient may know it. Kith sends it to every recipient; what was not permitted is left out, so nothing here is mandatory, but what is present is always in its one place: the NHS number under its national system, the name with the use `official`, the home address with the use `home`. Senders use the stricter profiles made from this one."
* identifier MS
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains nhsNumber 0..1 MS
* identifier[nhsNumber].system 1..1
* identifier[nhsNumber].system = "https://fhir.nhs.uk/Id/nhs-number" (exactly)
* identifier[nhsNumber].value 1..1
* identifier[nhsNumber].value obeys kith-nhs-1
* name MS
* name ^slicing.discriminator.type = #value
* name ^slicing.discriminator.path = "use"
* name ^slicing.rules = #open
* name contains official 0..1 MS
* name[official].use 1..1
* name[official].use = #official (exactly)
* name[official] obeys kith-name-1
* birthDate MS
* gender MS
* address MS
* address ^slicing.discriminator.type = #value
* address ^slicing.discriminator.path = "use"
* address ^slicing.rules = #open
* address contains home 0..1 MS
* address[home].use 1..1
* address[home].use = #home (exactly)
* address[home] obeys kith-address-1
* communication MS
* communication.language from http://hl7.org/fhir/ValueSet/all-languages (required)
* extension contains $interpreter named interpreterRequired 0..1
* multipleBirth[x] MS
* generalPractitioner MS
* contact ^short = "People around the child are RelatedPersons, each with a dataset of its own; what stands here is not passed on"

Invariant: kith-address-1
Description: "UK Core's address key has one type, a CodeableConcept, and one value, a string."
Severity: #error
Expression: "extension.where(url = 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey').all(value.empty() and extension.where(url = 'type').value.ofType(CodeableConcept).count() = 1 and extension.where(url = 'value').value.ofType(string).count() = 1)"

Invariant: kith-nhs-1
Description: "An NHS number is ten digits, of which the last is the check digit of the others, without spaces."
Severity: #error
Expression: "matches('^[0-9]{10}$') and ((substring(0,1).toInteger()*10 + substring(1,1).toInteger()*9 + substring(2,1).toInteger()*8 + substring(3,1).toInteger()*7 + substring(4,1).toInteger()*6 + substring(5,1).toInteger()*5 + substring(6,1).toInteger()*4 + substring(7,1).toInteger()*3 + substring(8,1).toInteger()*2 + substring(9,1).toInteger()) mod 11 = 0)"

Profile: IdentifiedChild
Parent: Child
Id: identified-child
Title: "Child known by NHS number"
Description: "The child as a safeguarding flag names it: the NHS number is all that is needed. Practices and other systems that push a flag send it; name, birth date and address are kept where they come along."
* identifier 1..
* identifier[nhsNumber] 1..1

Profile: RegisteredChild
Parent: IdentifiedChild
Id: registered-child
Title: "Child with NHS number, name and birth date"
Description: "The child as the health visitor's forms and the practice's safeguarding template name it. Health visiting services and practices send it. NHS number, official name and full birth date are mandatory, so that no recipient is left to guess which child is meant."
* name 1..
* name[official] 1..1
* name[official].family 1..1
* birthDate 1..1
* address[home].postalCode 1..1

Profile: RelatedPersonOfChild
Parent: RelatedPerson
Id: related-person
Title: "Related person"
Description: "A person around the child, in the home or outside it: parent, carer, sibling, relative. The two extensions tell who holds parental responsibility and who lives with the child; the relationship is a code where one is known and words where not. Health visiting services and practices send it; recipients that may know the household receive it."
* patient 1..1 MS
* patient only Reference(Child)
* name 1.. MS
* name ^slicing.discriminator.type = #value
* name ^slicing.discriminator.path = "use"
* name ^slicing.rules = #open
* name contains official 1..1 MS
* name[official].use 1..1
* name[official].use = #official (exactly)
* name[official] obeys kith-name-1
* relationship MS
* relationship from RelationshipSet (preferred)
* birthDate MS
* telecom MS
* communication.language from http://hl7.org/fhir/ValueSet/all-languages (required)
* extension contains
    ParentalResponsibility named parentalResponsibility 0..1 MS and
    HouseholdMember named householdMember 0..1 MS

Profile: HouseholdMemberPerson
Parent: RelatedPersonOfChild
Id: household-person
Title: "Parent, carer or member of the household"
Description: "A parent or carer on the first-visit form, or a person of the household in the 14-day check and the safeguarding template. Health visiting services and practices send it, with the family name, which those forms always know."
* name[official].family 1..1

Profile: ConsentGiver
Parent: RelatedPersonOfChild
Id: consent-giver
Title: "Giver of a consent"
Description: "The person who gave or refused permission to share. It is a person of the permission's own, named by its profile in `meta.profile`, because a form does not say that this is the same person as one of the parents listed, and Kith does not guess. Health visiting services send it; a recipient sees it where it may know who decided."
* meta 1..1
* meta.profile 1..
* obeys kith-giver-1
* telecom 0..0
* birthDate 0..0

Invariant: kith-giver-1
Description: "The giver of a consent says so in meta.profile, so that it is never mistaken for a member of the household."
Severity: #error
Expression: "meta.profile.where($this = 'https://kith.example/fhir/StructureDefinition/consent-giver' or startsWith('https://kith.example/fhir/StructureDefinition/consent-giver|')).exists()"
