// What parents agreed to, for each recipient and each dataset.

Profile: DeliveredConsent
Parent: Consent
Id: delivered-consent
Title: "Consent as a recipient sees it"
Description: "The parents' decision as far as a recipient may know it: who reads that permission was given also reads that nobody may call unannounced. Kith sends it; parts that the recipient may not know are left out. What counts as a permission is the stricter profile made from this one."
* status MS
* scope = $consent-scope#patient-privacy
* category MS
* patient 1..1 MS
* dateTime MS
* performer MS
* provision MS
* provision.type MS
* provision.class MS
* provision.class from DatasetSet (extensible)
* provision.actor MS
* extension contains
    NoVisitRule named noVisitRule 0..1 MS and
    NoVisitReason named noVisitReason 0..1 MS and
    CompetentYoungPerson named competentYoungPerson 0..1
* provision.extension contains LocalCentres named localCentres 0..1 MS

Profile: SharingConsent
Parent: DeliveredConsent
Id: sharing-consent
Title: "Permission or refusal to share"
Description: "A decision that Kith can weigh: to whom (organisations by identifier, or all local centres), what (datasets and items; if it says so, only what some organisations wrote, some resources, or data of a time, with a code or with a label), until when, and for what purpose. Senders put it into their messages or create it at `/fhir/Consent`, and withdraw it by setting the status to `inactive`. A consent permits exactly what it names to exactly those it names; a refusal that names nobody refuses to all. Anything that Kith cannot weigh is never used to permit; a refusal is accepted and kept all the same."
* category 1..
* dateTime 1..1
* performer 1..
* policyRule MS
* provision 1..1
* provision.type 1..1
* provision.actor.reference.identifier 1..1
* provision.actor.reference.identifier.system 1..1
* provision.actor.reference.identifier.value 1..1
* provision obeys kith-consent-1 and kith-consent-2 and kith-consent-3 and kith-consent-4

Invariant: kith-consent-1
Description: "Organisations are named by ODS code or by unique reference number, roles by their code; Kith cannot tell who else is meant, so such a consent is not used to permit."
Severity: #warning
Expression: "actor.reference.identifier.system.all($this = 'https://fhir.nhs.uk/Id/ods-organization-code' or $this = 'https://fhir.hl7.org.uk/Id/urn-school-number' or $this = 'https://kith.example/fhir/CodeSystem/role')"

Invariant: kith-consent-2
Description: "Data are limited by what names them for certain: who wrote them by an ODS code (data with the meaning authoredby), a resource by an absolute address, a urn:uuid: or an identifier, a code or a label with its system. Else a permission of them is not used; a refusal is, for all that it might mean."
Severity: #warning
Expression: "data.all(iif(meaning = 'authoredby', reference.identifier.system = 'https://fhir.nhs.uk/Id/ods-organization-code', reference.reference.matches('^[a-z][a-z+.-]*:') or (reference.identifier.system.exists() and reference.identifier.value.exists()))) and code.all(coding.where(system.exists() and code.exists()).exists()) and securityLabel.all(system.exists() and code.exists())"

Invariant: kith-consent-3
Description: "A permission names at least one organisation or all local centres, and at least one dataset or item; otherwise it permits nothing."
Severity: #warning
Expression: "type != 'permit' or ((actor.exists() or extension.where(url = 'https://kith.example/fhir/StructureDefinition/local-centres').value.where($this = true).exists()) and class.exists())"

Invariant: kith-consent-4
Description: "Datasets and items are named by codes of Kith's code system 'dataset'; another class names nothing in a permission and everything in a refusal."
Severity: #warning
Expression: "class.all(system = 'https://kith.example/fhir/CodeSystem/dataset')"

Profile: DecisionNotToShare
Parent: Consent
Id: decision-not-to-share
Title: "Decision not to share"
Description: "A professional's recorded decision not to tell somebody something about a child, because telling would harm the child more than not telling. It is written as a Consent, which has whom, what and until when; it is no consent and permits nothing. It goes before every ground, the safeguarding duty too, until it is ended with the status `inactive`. Professionals' systems keep it at `/fhir/Consent`."
* scope = $consent-scope#patient-privacy
* category = ProfessionalDecisionCodes#not-to-share
* patient 1..1 MS
* patient.identifier 1..1 MS
* dateTime 1..1 MS
* performer 1..* MS
* extension contains DecisionReason named reason 1..1 MS
* provision 1..1 MS
* provision.type 1..1
* provision.type = #deny
* provision.class MS
* provision.actor MS

RuleSet: AskedByHealthVisitor
* status = #active (exactly)
* category 1..1
* patient only Reference(Child)
* performer 1..1
* performer only Reference(ConsentGiver)
* policyRule 1..1
* policyRule = $act-code#OPTIN
* provision.purpose 1..1
* provision.purpose = PurposeCodes#early-years-support
* provision.actor.role = $participation#PRCP
* provision.actor.reference.identifier.system = "https://fhir.hl7.org.uk/Id/urn-school-number" (exactly)
* provision.actor.reference.identifier.value obeys kith-urn-1
* provision.securityLabel 0..0
* provision.code 0..0
* provision.dataPeriod 0..0
* provision.data 0..0
* provision.provision 0..0

Profile: FirstVisitConsent
Parent: SharingConsent
Id: first-visit-consent
Title: "Permission given at the first visit"
Description: "The parents' decision at the first visit: whether the children's centres named, or all local centres, may know the child's name, birth date and address. Nothing clinical rides along. Health visiting services send it with the first-visit form. Its purpose is services of children's centres, so a parent who refuses has not refused the practice."
* insert AskedByHealthVisitor
* category = ConsentCategoryCodes#first-visit-form
* provision.class from FirstVisitDataSet (required)

Profile: NewBirthVisitConsent
Parent: SharingConsent
Id: new-birth-visit-consent
Title: "Permission given at the 14-day check"
Description: "The parents' decision at the 14-day check, of the same shape as that of the first visit, with more datasets to choose from. Safeguarding is not among them: it is never shared, and never withheld, by a parent's permission. Health visiting services send it with the 14-day check."
* insert AskedByHealthVisitor
* category = ConsentCategoryCodes#new-birth-visit
* provision.class from SharedDataSet (required)

Profile: HealthReviewConsent
Parent: SharingConsent
Id: health-review-consent
Title: "Permission given at a health review"
Description: "The parents' decision at a health review, of the shape of that of the 14-day check. Health visiting services send it with the review. Safeguarding is not among what it covers."
* insert AskedByHealthVisitor
* category = ConsentCategoryCodes#health-review
* provision.class from SharedDataSet (required)

Profile: IntegratedReviewConsent
Parent: SharingConsent
Id: integrated-review-consent
Title: "Permission given at the integrated review"
Description: "The parents' decision on what the children's centre may know of the integrated review. Health visiting services send it with the review. Safeguarding is not among what it covers."
* insert AskedByHealthVisitor
* category = ConsentCategoryCodes#integrated-review
* provision.class from SharedDataSet (required)

Profile: JointPlanConsent
Parent: SharingConsent
Id: joint-plan-consent
Title: "Permission given for a joint plan"
Description: "The parents' decision on what the children's centre may know of a joint plan. The service that keeps the plan sends it. Safeguarding is not among what it covers."
* insert AskedByHealthVisitor
* category = ConsentCategoryCodes#joint-plan
* provision.class from SharedDataSet (required)
