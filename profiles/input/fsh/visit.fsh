// Visits, measurements and the plan.

Profile: HealthVisitorVisit
Parent: Encounter
Id: health-visitor-visit
Title: "Visit by the health visitor"
Description: "A visit that has been made: whom it was for, when, by whom, and for which organisation. Health visiting services send the profiles made from this one."
* status = #finished (exactly)
* class MS
* type 1..1 MS
* subject 1..1 MS
* subject only Reference(Child)
* participant 1.. MS
* participant.individual 1..1
* serviceProvider 1..1 MS
* serviceProvider only Reference(KithOrganisation)
* period 1..1 MS
* period.start 1..1

Profile: FirstVisit
Parent: HealthVisitorVisit
Id: first-visit
Title: "First visit"
Description: "The first visit by the health visitor, made at home, at which the parents are asked what their children's centre may know. Health visiting services send it with the first-visit form. Digital Child Health has no code for it, so the type is Kith's own."
* type = EncounterTypeCodes#first-visit
* class = $act-code#HH

Profile: NewBirthVisit
Parent: HealthVisitorVisit
Id: new-birth-visit
Title: "14-day check"
Description: "The new baby review by the health visitor, about 14 days after birth (Digital Child Health encounter type 0023). Health visiting services send it. The place where it was made is the class of the encounter."
* type = $dch-encounter#0023
* class from VisitPlaceSet (required)

RuleSet: VitalSign(loinc)
* status = #final (exactly)
* category 1..1
* category.coding 1..1
* category.coding.system 1..1
* category.coding.system = "http://terminology.hl7.org/CodeSystem/observation-category" (exactly)
* category.coding.code 1..1
* category.coding.code = #vital-signs (exactly)
* code.coding 2..
* code.coding ^slicing.discriminator.type = #value
* code.coding ^slicing.discriminator.path = "system"
* code.coding ^slicing.rules = #open
* code.coding contains loinc 1..1 and snomedCT 1..*
* code.coding[loinc].system 1..1
* code.coding[loinc].system = "http://loinc.org" (exactly)
* code.coding[loinc].code 1..1
* code.coding[loinc].code = #{loinc} (exactly)
* code.coding[snomedCT].system 1..1
* code.coding[snomedCT].system = "http://snomed.info/sct" (exactly)
* code.coding[snomedCT].code 1..1
* subject 1..1 MS
* subject only Reference(Child)
* effective[x] 1..1 MS
* effective[x] only dateTime
* encounter MS
* dataAbsentReason 0..0
* component 0..0

RuleSet: Measured(unit, code)
* value[x] 1..1 MS
* value[x] only Quantity
* valueQuantity.value 1..1
* valueQuantity.comparator 0..0
* valueQuantity.unit 1..1
* valueQuantity.unit = "{unit}" (exactly)
* valueQuantity.system 1..1
* valueQuantity.system = "http://unitsofmeasure.org" (exactly)
* valueQuantity.code 1..1
* valueQuantity.code = #{code} (exactly)

Profile: Weight
Parent: Observation
Id: weight
Title: "Weight"
Description: "The child's weight in kilograms at a visit. Health visiting services send it; it meets UK Core's body weight, which asks for a LOINC and a SNOMED CT code, the status `final`, and the unit's name as written here. The unit is mandatory and single, because a weight in grams taken for kilograms harms."
* insert VitalSign(29463-7)
* insert Measured(kilogram, kg)
* valueQuantity obeys kith-weight-1

Invariant: kith-weight-1
Description: "A weight lies between 0.3 kg and 30 kg. A greater number is grams by mistake."
Severity: #error
Expression: "value >= 0.3 and value <= 30"

Profile: Length
Parent: Observation
Id: length
Title: "Length"
Description: "The child's length in centimetres at a visit, with the code for height, as UK Core has none for a baby's length. Health visiting services send it; it meets UK Core's body height."
* insert VitalSign(8302-2)
* insert Measured(centimeter, cm)
* valueQuantity obeys kith-length-1

Invariant: kith-length-1
Description: "A length lies between 20 cm and 130 cm."
Severity: #error
Expression: "value >= 20 and value <= 130"

Profile: HeadCircumference
Parent: Observation
Id: head-circumference
Title: "Head circumference"
Description: "The child's head circumference in centimetres at a visit. Health visiting services send it; it meets UK Core's head circumference, which fixes the unit's name in American spelling."
* insert VitalSign(9843-4)
* insert Measured(centimeter, cm)
* valueQuantity obeys kith-head-1

Invariant: kith-head-1
Description: "A head circumference lies between 15 cm and 70 cm."
Severity: #error
Expression: "value >= 15 and value <= 70"

Profile: BirthWeight
Parent: Observation
Id: birth-weight
Title: "Birth weight"
Description: "The child's weight at birth in kilograms. Health visiting services send it with the 14-day check, maternity services with the birth notification. It is not a vital sign of the visit: it has no day of its own, because it belongs to the day of birth."
* status = #final (exactly)
* code = $sct#364589006
* subject 1..1 MS
* subject only Reference(Child)
* insert Measured(kilogram, kg)
* valueQuantity obeys kith-birth-weight-1
* component 0..0

Invariant: kith-birth-weight-1
Description: "A birth weight lies between 0.2 kg and 8 kg. A greater number is grams by mistake."
Severity: #error
Expression: "value >= 0.2 and value <= 8"

Profile: VulnerabilityFactorObservation
Parent: Observation
Id: vulnerability-factor
Title: "Vulnerability factor"
Description: "One circumstance that makes the family more vulnerable, as the health visitor judged it at the 14-day check: a code of the list, or words that no list knows, kept as they are. Health visiting services send it; it belongs to the dataset needs."
* status = #final (exactly)
* category 1..1
* category = $observation-category#social-history
* code = ObservationCodes#vulnerability-factor
* subject 1..1 MS
* subject only Reference(Child)
* value[x] 1..1 MS
* value[x] only CodeableConcept
* valueCodeableConcept from VulnerabilityFactorSet (preferred)
* valueCodeableConcept obeys kith-factor-1
* note 0..1 MS

Invariant: kith-factor-1
Description: "A factor is a code or words."
Severity: #error
Expression: "coding.exists() or text.exists()"

Profile: OtherObservation
Parent: Observation
Id: other-observation
Title: "Observation of another kind"
Description: "An observation that Kith has no profile for. It may ride in a message of a sender whose system knows more; Kith carries what its mapping knows and names the rest in the loss ledger. Its code must not be one of those that have a profile, so that no measurement and no concern escapes its rules."
* code obeys kith-other-1

Invariant: kith-other-1
Description: "An observation with a code of Kith's profiles meets that profile."
Severity: #error
Expression: "coding.where((system = 'http://loinc.org' and (code = '29463-7' or code = '8302-2' or code = '9843-4')) or (system = 'http://snomed.info/sct' and code = '364589006') or system = 'https://kith.example/fhir/CodeSystem/observation').empty()"

Profile: DeliveredPlan
Parent: CarePlan
Id: delivered-plan
Title: "Plan as a recipient sees it"
Description: "What was agreed, as far as a recipient may know it: actions, and for a joint plan its title, its goals and the day on which it is looked at again. Kith sends it. Senders use the stricter profiles made from this one."
* status = #active (exactly)
* intent = #plan (exactly)
* subject 1..1 MS
* subject only Reference(Child)
* activity MS
* activity.reference 0..0
* activity.detail 1..1
* activity.detail.description 1..1 MS
* activity.detail.status MS
* activity.detail.status from PlanStatusSet (required)
* activity.detail.performer 0..1 MS
* activity.detail.scheduled[x] MS
* activity.detail.scheduled[x] only Period

Profile: Plan
Parent: DeliveredPlan
Id: plan
Title: "Plan of agreed actions"
Description: "What was agreed to do after the visit, by whom and until when, one activity an action. Health visiting services send it; it belongs to the dataset needs. A children's centre may find among the actions those that it is asked to do itself."
* activity 1..
