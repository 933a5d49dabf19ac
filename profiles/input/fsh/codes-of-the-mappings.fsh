// Written by profiles/make-codes from the code maps in mappings/. Change those, not this.

CodeSystem: AbuseCategoryCodes
Id: abuse-category
Title: "Abuse category"
Description: "The words of Kith's records in the code map 'abuse-category'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #neglect "Neglect"
* #physical "Physical abuse"
* #sexual "Sexual abuse"
* #emotional "Emotional abuse"

ValueSet: AbuseCategorySet
Id: abuse-category
Title: "Abuse category"
Description: "Every code of the code map 'abuse-category' that Kith writes or understands."
* ^experimental = false
* include codes from system AbuseCategoryCodes

Instance: AbuseCategoryMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Abuse category: published codes"
Description: "From the words of the code map abuse-category to the published codes that say the same."
* insert Published
* id = "abuse-category"
* url = "https://kith.example/fhir/ConceptMap/abuse-category"
* name = "AbuseCategoryMap"
* title = "Abuse category: published codes"
* description = "From the words of the code map abuse-category to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/abuse-category"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #neglect
    * display = "Neglect"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; only an older code was found for being at risk of it: Read v2 13ZV, CTV3 XaKbS"
  * element[+]
    * code = #physical
    * display = "Physical abuse"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; only an older code was found for being at risk of it: Read v2 13ZT, CTV3 XaKbR"
  * element[+]
    * code = #sexual
    * display = "Sexual abuse"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; only an older code was found for being at risk of it: Read v2 13ZW, CTV3 XaKbT"
  * element[+]
    * code = #emotional
    * display = "Emotional abuse"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; only an older code was found for being at risk of it: Read v2 13ZR, CTV3 XaKbP"

CodeSystem: Asq3OutcomeCodes
Id: asq3-outcome
Title: "Outcome of an area of ASQ-3"
Description: "Kith's own codes."
* ^caseSensitive = true
* ^experimental = false
* #on-schedule "On schedule"
* #monitor "Monitor"
* #refer "Assess further"

ValueSet: Asq3OutcomeSet
Id: asq3-outcome
Title: "Outcome of an area of ASQ-3"
Description: "Every code of the code map 'asq3-outcome' that Kith writes or understands."
* ^experimental = false
* include codes from system Asq3OutcomeCodes

CodeSystem: BasisCodes
Id: basis
Title: "Basis of a statement"
Description: "Kith's own codes."
* ^caseSensitive = true
* ^experimental = false
* #fact "Fact: observed or recorded by the observer"
* #reported "Reported: told to the observer by somebody else"
* #opinion "Opinion: a professional judgement"

ValueSet: BasisSet
Id: basis
Title: "Basis of a statement"
Description: "Every code of the code map 'basis' that Kith writes or understands."
* ^experimental = false
* include codes from system BasisCodes

CodeSystem: BirthPlaceTypeCodes
Id: birth-place-type
Title: "Birth place type"
Description: "The words of Kith's records in the code map 'birth-place-type'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #midwife-unit "In NHS hospital - delivery facilities associated with midwife ward"
* #home "At a domestic address"
* #consultant-unit "In NHS hospital - delivery facilities associated with consultant ward"
* #gp-unit "In NHS hospital - delivery facilities associated with GMP ward"
* #combined-unit "In NHS hospital - delivery facilities associated with consultant/GMP/midwife ward inclusive of any combination of two of the professionals mentioned"
* #private-hospital "In private hospital"
* #other-institution "In other hospital or institution"
* #ward-without-delivery-facilities "In NHS hospital - ward or unit without delivery facilities"
* #elsewhere "None of the above"
* #not-known "Not known"

ValueSet: BirthPlaceTypeSet
Id: birth-place-type
Title: "Birth place type"
Description: "Every code of the code map 'birth-place-type' that Kith writes or understands."
* ^experimental = false
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#0 "In NHS hospital - delivery facilities associated with midwife ward"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#1 "At a domestic address"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#2 "In NHS hospital - delivery facilities associated with consultant ward"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#3 "In NHS hospital - delivery facilities associated with GMP ward"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#4 "In NHS hospital - delivery facilities associated with consultant/GMP/midwife ward inclusive of any combination of two of the professionals mentioned"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#5 "In private hospital"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#6 "In other hospital or institution"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#7 "In NHS hospital - ward or unit without delivery facilities"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#8 "None of the above"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1#9 "Not known"
* include codes from system BirthPlaceTypeCodes

Instance: BirthPlaceTypeMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Birth place type: published codes"
Description: "From the words of the code map birth-place-type to the published codes that say the same."
* insert Published
* id = "birth-place-type"
* url = "https://kith.example/fhir/ConceptMap/birth-place-type"
* name = "BirthPlaceTypeMap"
* title = "Birth place type: published codes"
* description = "From the words of the code map birth-place-type to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/birth-place-type"
  * target = "https://fhir.nhs.uk/STU3/CodeSystem/DCH-DeliveryPlaceType-1"
  * element[+]
    * code = #midwife-unit
    * display = "In NHS hospital - delivery facilities associated with midwife ward"
    * target[+]
      * code = #0
      * display = "In NHS hospital - delivery facilities associated with midwife ward"
      * equivalence = #equivalent
  * element[+]
    * code = #home
    * display = "At a domestic address"
    * target[+]
      * code = #1
      * display = "At a domestic address"
      * equivalence = #equivalent
  * element[+]
    * code = #consultant-unit
    * display = "In NHS hospital - delivery facilities associated with consultant ward"
    * target[+]
      * code = #2
      * display = "In NHS hospital - delivery facilities associated with consultant ward"
      * equivalence = #equivalent
  * element[+]
    * code = #gp-unit
    * display = "In NHS hospital - delivery facilities associated with GMP ward"
    * target[+]
      * code = #3
      * display = "In NHS hospital - delivery facilities associated with GMP ward"
      * equivalence = #equivalent
  * element[+]
    * code = #combined-unit
    * display = "In NHS hospital - delivery facilities associated with consultant/GMP/midwife ward inclusive of any combination of two of the professionals mentioned"
    * target[+]
      * code = #4
      * display = "In NHS hospital - delivery facilities associated with consultant/GMP/midwife ward inclusive of any combination of two of the professionals mentioned"
      * equivalence = #equivalent
  * element[+]
    * code = #private-hospital
    * display = "In private hospital"
    * target[+]
      * code = #5
      * display = "In private hospital"
      * equivalence = #equivalent
  * element[+]
    * code = #other-institution
    * display = "In other hospital or institution"
    * target[+]
      * code = #6
      * display = "In other hospital or institution"
      * equivalence = #equivalent
  * element[+]
    * code = #ward-without-delivery-facilities
    * display = "In NHS hospital - ward or unit without delivery facilities"
    * target[+]
      * code = #7
      * display = "In NHS hospital - ward or unit without delivery facilities"
      * equivalence = #equivalent
  * element[+]
    * code = #elsewhere
    * display = "None of the above"
    * target[+]
      * code = #8
      * display = "None of the above"
      * equivalence = #equivalent
  * element[+]
    * code = #not-known
    * display = "Not known"
    * target[+]
      * code = #9
      * display = "Not known"
      * equivalence = #equivalent

CodeSystem: BloodSpotOutcomeCodes
Id: blood-spot-outcome
Title: "Blood spot outcome"
Description: "The words of Kith's records in the code map 'blood-spot-outcome'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #not-suspected "No condition suspected"
* #suspected "Condition suspected"
* #carrier "Carrier of a condition"
* #repeat-needed "Repeat or further sample needed"
* #incomplete "Not screened, or screening incomplete"
* #declined "Screening declined"
* #awaited "Outcome of the blood spot screen awaited"

ValueSet: BloodSpotOutcomeSet
Id: blood-spot-outcome
Title: "Blood spot outcome"
Description: "Every code of the code map 'blood-spot-outcome' that Kith writes or understands."
* ^experimental = false
* include codes from system BloodSpotOutcomeCodes

Instance: BloodSpotOutcomeMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Blood spot outcome: published codes"
Description: "From the words of the code map blood-spot-outcome to the published codes that say the same."
* insert Published
* id = "blood-spot-outcome"
* url = "https://kith.example/fhir/ConceptMap/blood-spot-outcome"
* name = "BloodSpotOutcomeMap"
* title = "Blood spot outcome: published codes"
* description = "From the words of the code map blood-spot-outcome to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/blood-spot-outcome"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #not-suspected
    * display = "No condition suspected"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference sets 966291000000106 and 966281000000109, whose members were not seen"
  * element[+]
    * code = #suspected
    * display = "Condition suspected"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference sets 966291000000106 and 966281000000109, whose members were not seen"
  * element[+]
    * code = #carrier
    * display = "Carrier of a condition"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference sets 966291000000106 and 966281000000109, whose members were not seen"
  * element[+]
    * code = #repeat-needed
    * display = "Repeat or further sample needed"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference sets 966291000000106 and 966281000000109, whose members were not seen"
  * element[+]
    * code = #incomplete
    * display = "Not screened, or screening incomplete"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference sets 966291000000106 and 966281000000109, whose members were not seen"
  * element[+]
    * code = #declined
    * display = "Screening declined"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference sets 966291000000106 and 966281000000109, whose members were not seen"
  * element[+]
    * code = #awaited
    * display = "Outcome of the blood spot screen awaited"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference sets 966291000000106 and 966281000000109, whose members were not seen"

CodeSystem: BreastfeedingStatusCodes
Id: breastfeeding-status
Title: "Breastfeeding status"
Description: "The words of Kith's records in the code map 'breastfeeding-status'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #exclusively-breast-milk "Exclusively breast milk feeding"
* #partially-breast-milk "Partially breast milk feeding"
* #no-breast-milk "No breast milk feeding at all"

ValueSet: BreastfeedingStatusSet
Id: breastfeeding-status
Title: "Breastfeeding status"
Description: "Every code of the code map 'breastfeeding-status' that Kith writes or understands."
* ^experimental = false
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-BreastfeedingStatus-1#01 "Exclusively breast milk feeding"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-BreastfeedingStatus-1#02 "Partially breast milk feeding"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-BreastfeedingStatus-1#03 "No breast milk feeding at all"
* include codes from system BreastfeedingStatusCodes

Instance: BreastfeedingStatusMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Breastfeeding status: published codes"
Description: "From the words of the code map breastfeeding-status to the published codes that say the same."
* insert Published
* id = "breastfeeding-status"
* url = "https://kith.example/fhir/ConceptMap/breastfeeding-status"
* name = "BreastfeedingStatusMap"
* title = "Breastfeeding status: published codes"
* description = "From the words of the code map breastfeeding-status to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/breastfeeding-status"
  * target = "https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-BreastfeedingStatus-1"
  * element[+]
    * code = #exclusively-breast-milk
    * display = "Exclusively breast milk feeding"
    * target[+]
      * code = #01
      * display = "Exclusively breast milk feeding"
      * equivalence = #equivalent
  * element[+]
    * code = #partially-breast-milk
    * display = "Partially breast milk feeding"
    * target[+]
      * code = #02
      * display = "Partially breast milk feeding"
      * equivalence = #equivalent
  * element[+]
    * code = #no-breast-milk
    * display = "No breast milk feeding at all"
    * target[+]
      * code = #03
      * display = "No breast milk feeding at all"
      * equivalence = #equivalent

CodeSystem: ConsentCategoryCodes
Id: consent-category
Title: "Forms on which a permission is given"
Description: "Kith's own codes."
* ^caseSensitive = true
* ^experimental = false
* #first-visit-form "Permission given at the first visit"
* #new-birth-visit "Permission given at the new-birth visit"
* #school-health-needs "Permission to tell a school about health needs"
* #health-review "Permission given at a health review"
* #integrated-review "Permission given at the integrated review"
* #joint-plan "Permission given for a joint plan"

ValueSet: ConsentCategorySet
Id: consent-category
Title: "Forms on which a permission is given"
Description: "Every code of the code map 'consent-category' that Kith writes or understands."
* ^experimental = false
* include codes from system ConsentCategoryCodes

CodeSystem: DayOfWeekCodes
Id: day-of-week
Title: "Days of the week"
Description: "The words of Kith's records in the code map 'day-of-week'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #monday "Monday"
* #tuesday "Tuesday"
* #wednesday "Wednesday"
* #thursday "Thursday"
* #friday "Friday"
* #saturday "Saturday"
* #sunday "Sunday"

ValueSet: DayOfWeekSet
Id: day-of-week
Title: "Days of the week"
Description: "Every code of the code map 'day-of-week' that Kith writes or understands."
* ^experimental = false
* http://hl7.org/fhir/days-of-week#mon "Monday"
* http://hl7.org/fhir/days-of-week#tue "Tuesday"
* http://hl7.org/fhir/days-of-week#wed "Wednesday"
* http://hl7.org/fhir/days-of-week#thu "Thursday"
* http://hl7.org/fhir/days-of-week#fri "Friday"
* http://hl7.org/fhir/days-of-week#sat "Saturday"
* http://hl7.org/fhir/days-of-week#sun "Sunday"

Instance: DayOfWeekMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Days of the week: published codes"
Description: "From the words of the code map day-of-week to the published codes that say the same."
* insert Published
* id = "day-of-week"
* url = "https://kith.example/fhir/ConceptMap/day-of-week"
* name = "DayOfWeekMap"
* title = "Days of the week: published codes"
* description = "From the words of the code map day-of-week to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/day-of-week"
  * target = "http://hl7.org/fhir/days-of-week"
  * element[+]
    * code = #monday
    * display = "Monday"
    * target[+]
      * code = #mon
      * display = "Monday"
      * equivalence = #equivalent
  * element[+]
    * code = #tuesday
    * display = "Tuesday"
    * target[+]
      * code = #tue
      * display = "Tuesday"
      * equivalence = #equivalent
  * element[+]
    * code = #wednesday
    * display = "Wednesday"
    * target[+]
      * code = #wed
      * display = "Wednesday"
      * equivalence = #equivalent
  * element[+]
    * code = #thursday
    * display = "Thursday"
    * target[+]
      * code = #thu
      * display = "Thursday"
      * equivalence = #equivalent
  * element[+]
    * code = #friday
    * display = "Friday"
    * target[+]
      * code = #fri
      * display = "Friday"
      * equivalence = #equivalent
  * element[+]
    * code = #saturday
    * display = "Saturday"
    * target[+]
      * code = #sat
      * display = "Saturday"
      * equivalence = #equivalent
  * element[+]
    * code = #sunday
    * display = "Sunday"
    * target[+]
      * code = #sun
      * display = "Sunday"
      * equivalence = #equivalent

CodeSystem: DecisionCodes
Id: decision
Title: "Decision on sharing"
Description: "The words of Kith's records in the code map 'decision'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #agreed "Agreed"
* #refused "Refused"

ValueSet: DecisionSet
Id: decision
Title: "Decision on sharing"
Description: "Every code of the code map 'decision' that Kith writes or understands."
* ^experimental = false
* http://hl7.org/fhir/consent-provision-type#permit "Agreed"
* http://hl7.org/fhir/consent-provision-type#deny "Refused"

Instance: DecisionMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Decision on sharing: published codes"
Description: "From the words of the code map decision to the published codes that say the same."
* insert Published
* id = "decision"
* url = "https://kith.example/fhir/ConceptMap/decision"
* name = "DecisionMap"
* title = "Decision on sharing: published codes"
* description = "From the words of the code map decision to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/decision"
  * target = "http://hl7.org/fhir/consent-provision-type"
  * element[+]
    * code = #agreed
    * display = "Agreed"
    * target[+]
      * code = #permit
      * display = "Agreed"
      * equivalence = #equivalent
  * element[+]
    * code = #refused
    * display = "Refused"
    * target[+]
      * code = #deny
      * display = "Refused"
      * equivalence = #equivalent

CodeSystem: DeliveryCodes
Id: delivery
Title: "Type of delivery"
Description: "The words of Kith's records in the code map 'delivery'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #spontaneous-vaginal "Spontaneous vaginal delivery"
* #vaginal-breech "Vaginal breech delivery"
* #forceps "Forceps delivery"
* #ventouse "Ventouse delivery"
* #planned-caesarean "Planned caesarean section"
* #emergency-caesarean "Emergency caesarean section"
* #other "Other type of delivery"
* #not-known "Type of delivery not known"

ValueSet: DeliverySet
Id: delivery
Title: "Type of delivery"
Description: "Every code of the code map 'delivery' that Kith writes or understands."
* ^experimental = false
* include codes from system DeliveryCodes

Instance: DeliveryMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Type of delivery: published codes"
Description: "From the words of the code map delivery to the published codes that say the same."
* insert Published
* id = "delivery"
* url = "https://kith.example/fhir/ConceptMap/delivery"
* name = "DeliveryMap"
* title = "Type of delivery: published codes"
* description = "From the words of the code map delivery to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/delivery"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #spontaneous-vaginal
    * display = "Spontaneous vaginal delivery"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; DCH-FinalDeliveryType-1 takes them from reference set 999000131000000105, whose members were not seen"
  * element[+]
    * code = #vaginal-breech
    * display = "Vaginal breech delivery"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; DCH-FinalDeliveryType-1 takes them from reference set 999000131000000105, whose members were not seen"
  * element[+]
    * code = #forceps
    * display = "Forceps delivery"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; DCH-FinalDeliveryType-1 takes them from reference set 999000131000000105, whose members were not seen"
  * element[+]
    * code = #ventouse
    * display = "Ventouse delivery"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; DCH-FinalDeliveryType-1 takes them from reference set 999000131000000105, whose members were not seen"
  * element[+]
    * code = #planned-caesarean
    * display = "Planned caesarean section"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; DCH-FinalDeliveryType-1 takes them from reference set 999000131000000105, whose members were not seen"
  * element[+]
    * code = #emergency-caesarean
    * display = "Emergency caesarean section"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; DCH-FinalDeliveryType-1 takes them from reference set 999000131000000105, whose members were not seen"
  * element[+]
    * code = #other
    * display = "Other type of delivery"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; DCH-FinalDeliveryType-1 takes them from reference set 999000131000000105, whose members were not seen"
  * element[+]
    * code = #not-known
    * display = "Type of delivery not known"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; DCH-FinalDeliveryType-1 takes them from reference set 999000131000000105, whose members were not seen"

CodeSystem: EstablishmentCodes
Id: establishment
Title: "Type of nursery or school"
Description: "The words of Kith's records in the code map 'establishment'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #nursery "Nursery"
* #school "School"

ValueSet: EstablishmentSet
Id: establishment
Title: "Type of nursery or school"
Description: "Every code of the code map 'establishment' that Kith writes or understands."
* ^experimental = false
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-EducationalEstablishmentType-1#1 "Nursery"
* include codes from system EstablishmentCodes

Instance: EstablishmentMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Type of nursery or school: published codes"
Description: "From the words of the code map establishment to the published codes that say the same."
* insert Published
* id = "establishment"
* url = "https://kith.example/fhir/ConceptMap/establishment"
* name = "EstablishmentMap"
* title = "Type of nursery or school: published codes"
* description = "From the words of the code map establishment to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/establishment"
  * target = "https://fhir.nhs.uk/STU3/CodeSystem/DCH-EducationalEstablishmentType-1"
  * element[+]
    * code = #nursery
    * display = "Nursery"
    * target[+]
      * code = #1
      * display = "Nursery"
      * equivalence = #equivalent
  * element[+]
    * code = #school
    * display = "School"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; DCH-EducationalEstablishmentType-1 has 2 Primary and 3 Secondary, and no code for a school whose phase is not said"

CodeSystem: EyfsResultCodes
Id: eyfs-result
Title: "Results of the early years foundation stage profile, in words"
Description: "The words of Kith's records in the code map 'eyfs-result'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #emerging "Emerging"
* #expected "Expected"
* #not-assessed "Not assessed"

ValueSet: EyfsResultSet
Id: eyfs-result
Title: "Results of the early years foundation stage profile, in words"
Description: "Every code of the code map 'eyfs-result' that Kith writes or understands."
* ^experimental = false
* https://kith.example/fhir/CodeSystem/eyfs-profile-result#1 "Emerging"
* https://kith.example/fhir/CodeSystem/eyfs-profile-result#2 "Expected"
* https://kith.example/fhir/CodeSystem/eyfs-profile-result#A "Not assessed"
* include codes from system EyfsResultCodes

Instance: EyfsResultMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Results of the early years foundation stage profile, in words: published codes"
Description: "From the words of the code map eyfs-result to the published codes that say the same."
* insert Published
* id = "eyfs-result"
* url = "https://kith.example/fhir/ConceptMap/eyfs-result"
* name = "EyfsResultMap"
* title = "Results of the early years foundation stage profile, in words: published codes"
* description = "From the words of the code map eyfs-result to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/eyfs-result"
  * target = "https://kith.example/fhir/CodeSystem/eyfs-profile-result"
  * element[+]
    * code = #emerging
    * display = "Emerging"
    * target[+]
      * code = #1
      * display = "Emerging"
      * equivalence = #equivalent
  * element[+]
    * code = #expected
    * display = "Expected"
    * target[+]
      * code = #2
      * display = "Expected"
      * equivalence = #equivalent
  * element[+]
    * code = #not-assessed
    * display = "Not assessed"
    * target[+]
      * code = #A
      * display = "Not assessed"
      * equivalence = #equivalent

CodeSystem: FeedingMethodCodes
Id: feeding-method
Title: "Feeding method"
Description: "The words of Kith's records in the code map 'feeding-method'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #breast "Breast feeding"
* #bottle "Bottle feeding"
* #breast-and-bottle "Breast and bottle feeding"
* #tube "Tube feeding"
* #other "Other way of feeding"

ValueSet: FeedingMethodSet
Id: feeding-method
Title: "Feeding method"
Description: "Every code of the code map 'feeding-method' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#1104211000000107 "Breast feeding"
* include codes from system FeedingMethodCodes

Instance: FeedingMethodMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Feeding method: published codes"
Description: "From the words of the code map feeding-method to the published codes that say the same."
* insert Published
* id = "feeding-method"
* url = "https://kith.example/fhir/ConceptMap/feeding-method"
* name = "FeedingMethodMap"
* title = "Feeding method: published codes"
* description = "From the words of the code map feeding-method to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/feeding-method"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #breast
    * display = "Breast feeding"
    * target[+]
      * code = #1104211000000107
      * display = "Breast feeding"
      * equivalence = #equivalent
  * element[+]
    * code = #bottle
    * display = "Bottle feeding"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; the value set DCH-FeedingMethod-1 has further codes, without terms"
  * element[+]
    * code = #breast-and-bottle
    * display = "Breast and bottle feeding"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; the value set DCH-FeedingMethod-1 has further codes, without terms"
  * element[+]
    * code = #tube
    * display = "Tube feeding"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; the value set DCH-FeedingMethod-1 allows what is below 229912004 Enteral feeding"
  * element[+]
    * code = #other
    * display = "Other way of feeding"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"

CodeSystem: FirstFeedCodes
Id: first-feed
Title: "First feed"
Description: "The words of Kith's records in the code map 'first-feed'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #maternal-breast-milk "Maternal breast milk"
* #donor-breast-milk "Donor breast milk"
* #not-breast-milk "Not breast milk"

ValueSet: FirstFeedSet
Id: first-feed
Title: "First feed"
Description: "Every code of the code map 'first-feed' that Kith writes or understands."
* ^experimental = false
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-BabyFirstFeedBreastMilkStatus-1#01 "Maternal breast milk"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-BabyFirstFeedBreastMilkStatus-1#02 "Donor breast milk"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-BabyFirstFeedBreastMilkStatus-1#03 "Not breast milk"
* include codes from system FirstFeedCodes

Instance: FirstFeedMap
InstanceOf: ConceptMap
Usage: #definition
Title: "First feed: published codes"
Description: "From the words of the code map first-feed to the published codes that say the same."
* insert Published
* id = "first-feed"
* url = "https://kith.example/fhir/ConceptMap/first-feed"
* name = "FirstFeedMap"
* title = "First feed: published codes"
* description = "From the words of the code map first-feed to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/first-feed"
  * target = "https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-BabyFirstFeedBreastMilkStatus-1"
  * element[+]
    * code = #maternal-breast-milk
    * display = "Maternal breast milk"
    * target[+]
      * code = #01
      * display = "Maternal breast milk"
      * equivalence = #equivalent
  * element[+]
    * code = #donor-breast-milk
    * display = "Donor breast milk"
    * target[+]
      * code = #02
      * display = "Donor breast milk"
      * equivalence = #equivalent
  * element[+]
    * code = #not-breast-milk
    * display = "Not breast milk"
    * target[+]
      * code = #03
      * display = "Not breast milk"
      * equivalence = #equivalent

CodeSystem: FlagStatusCodes
Id: flag-status
Title: "Flag status"
Description: "The words of Kith's records in the code map 'flag-status'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #active "Active"
* #inactive "Inactive"
* #entered-in-error "Entered in error"

ValueSet: FlagStatusSet
Id: flag-status
Title: "Flag status"
Description: "Every code of the code map 'flag-status' that Kith writes or understands."
* ^experimental = false
* http://hl7.org/fhir/flag-status#active "Active"
* http://hl7.org/fhir/flag-status#inactive "Inactive"
* http://hl7.org/fhir/flag-status#entered-in-error "Entered in error"

Instance: FlagStatusMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Flag status: published codes"
Description: "From the words of the code map flag-status to the published codes that say the same."
* insert Published
* id = "flag-status"
* url = "https://kith.example/fhir/ConceptMap/flag-status"
* name = "FlagStatusMap"
* title = "Flag status: published codes"
* description = "From the words of the code map flag-status to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/flag-status"
  * target = "http://hl7.org/fhir/flag-status"
  * element[+]
    * code = #active
    * display = "Active"
    * target[+]
      * code = #active
      * display = "Active"
      * equivalence = #equivalent
  * element[+]
    * code = #inactive
    * display = "Inactive"
    * target[+]
      * code = #inactive
      * display = "Inactive"
      * equivalence = #equivalent
  * element[+]
    * code = #entered-in-error
    * display = "Entered in error"
    * target[+]
      * code = #entered-in-error
      * display = "Entered in error"
      * equivalence = #equivalent

CodeSystem: GoalStatusCodes
Id: goal-status
Title: "State of a goal"
Description: "The words of Kith's records in the code map 'goal-status'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #proposed "Proposed"
* #active "Active"
* #completed "Completed"
* #cancelled "Cancelled"

ValueSet: GoalStatusSet
Id: goal-status
Title: "State of a goal"
Description: "Every code of the code map 'goal-status' that Kith writes or understands."
* ^experimental = false
* http://hl7.org/fhir/goal-status#proposed "Proposed"
* http://hl7.org/fhir/goal-status#active "Active"
* http://hl7.org/fhir/goal-status#completed "Completed"
* http://hl7.org/fhir/goal-status#cancelled "Cancelled"

Instance: GoalStatusMap
InstanceOf: ConceptMap
Usage: #definition
Title: "State of a goal: published codes"
Description: "From the words of the code map goal-status to the published codes that say the same."
* insert Published
* id = "goal-status"
* url = "https://kith.example/fhir/ConceptMap/goal-status"
* name = "GoalStatusMap"
* title = "State of a goal: published codes"
* description = "From the words of the code map goal-status to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/goal-status"
  * target = "http://hl7.org/fhir/goal-status"
  * element[+]
    * code = #proposed
    * display = "Proposed"
    * target[+]
      * code = #proposed
      * display = "Proposed"
      * equivalence = #equivalent
  * element[+]
    * code = #active
    * display = "Active"
    * target[+]
      * code = #active
      * display = "Active"
      * equivalence = #equivalent
  * element[+]
    * code = #completed
    * display = "Completed"
    * target[+]
      * code = #completed
      * display = "Completed"
      * equivalence = #equivalent
  * element[+]
    * code = #cancelled
    * display = "Cancelled"
    * target[+]
      * code = #cancelled
      * display = "Cancelled"
      * equivalence = #equivalent

CodeSystem: GroundCodes
Id: ground
Title: "Ground for sharing"
Description: "Kith's own codes."
* ^caseSensitive = true
* ^experimental = false
* #consent "Consent"
* #safeguarding-duty "Duty to safeguard"
* #direct-care "Direct care"
* #legal-order "Order of a court or other legal order"

ValueSet: GroundSet
Id: ground
Title: "Ground for sharing"
Description: "Every code of the code map 'ground' that Kith writes or understands."
* ^experimental = false
* include codes from system GroundCodes

CodeSystem: HearingLeftEarCodes
Id: hearing-left-ear
Title: "Hearing left ear"
Description: "The words of Kith's records in the code map 'hearing-left-ear'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #aabr-clear-response "Automated auditory brainstem response test left ear clear response"
* #aabr-no-clear-response "Automated auditory brainstem response test left ear no clear response"
* #aoae-clear-response "Automated oto-acoustic emission test left ear clear response"
* #aoae-no-clear-response "Automated oto-acoustic emission test left ear no clear response"
* #not-tested "Left ear not tested"

ValueSet: HearingLeftEarSet
Id: hearing-left-ear
Title: "Hearing left ear"
Description: "Every code of the code map 'hearing-left-ear' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#1085431000000105 "Automated auditory brainstem response test left ear clear response"
* http://snomed.info/sct#1085461000000100 "Automated auditory brainstem response test left ear no clear response"
* http://snomed.info/sct#1085491000000106 "Automated oto-acoustic emission test left ear clear response"
* http://snomed.info/sct#1085511000000103 "Automated oto-acoustic emission test left ear no clear response"
* include codes from system HearingLeftEarCodes

Instance: HearingLeftEarMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Hearing left ear: published codes"
Description: "From the words of the code map hearing-left-ear to the published codes that say the same."
* insert Published
* id = "hearing-left-ear"
* url = "https://kith.example/fhir/ConceptMap/hearing-left-ear"
* name = "HearingLeftEarMap"
* title = "Hearing left ear: published codes"
* description = "From the words of the code map hearing-left-ear to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/hearing-left-ear"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #aabr-clear-response
    * display = "Automated auditory brainstem response test left ear clear response"
    * target[+]
      * code = #1085431000000105
      * display = "Automated auditory brainstem response test left ear clear response"
      * equivalence = #equivalent
  * element[+]
    * code = #aabr-no-clear-response
    * display = "Automated auditory brainstem response test left ear no clear response"
    * target[+]
      * code = #1085461000000100
      * display = "Automated auditory brainstem response test left ear no clear response"
      * equivalence = #equivalent
  * element[+]
    * code = #aoae-clear-response
    * display = "Automated oto-acoustic emission test left ear clear response"
    * target[+]
      * code = #1085491000000106
      * display = "Automated oto-acoustic emission test left ear clear response"
      * equivalence = #equivalent
  * element[+]
    * code = #aoae-no-clear-response
    * display = "Automated oto-acoustic emission test left ear no clear response"
    * target[+]
      * code = #1085511000000103
      * display = "Automated oto-acoustic emission test left ear no clear response"
      * equivalence = #equivalent
  * element[+]
    * code = #not-tested
    * display = "Left ear not tested"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"

CodeSystem: HearingOutcomeCodes
Id: hearing-outcome
Title: "Hearing outcome"
Description: "The words of Kith's records in the code map 'hearing-outcome'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #clear "Clear response, no follow-up required"
* #clear-follow-up "Clear response, targeted follow-up required"
* #referred-one-ear "No clear response in one ear, referred"
* #referred-both-ears "No clear response in both ears, referred"
* #incomplete "Hearing screen incomplete"
* #declined "Hearing screen declined"
* #awaited "Outcome of the hearing screen awaited"

ValueSet: HearingOutcomeSet
Id: hearing-outcome
Title: "Hearing outcome"
Description: "Every code of the code map 'hearing-outcome' that Kith writes or understands."
* ^experimental = false
* include codes from system HearingOutcomeCodes

Instance: HearingOutcomeMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Hearing outcome: published codes"
Description: "From the words of the code map hearing-outcome to the published codes that say the same."
* insert Published
* id = "hearing-outcome"
* url = "https://kith.example/fhir/ConceptMap/hearing-outcome"
* name = "HearingOutcomeMap"
* title = "Hearing outcome: published codes"
* description = "From the words of the code map hearing-outcome to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/hearing-outcome"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #clear
    * display = "Clear response, no follow-up required"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference set 999002021000000105, whose members were not seen"
  * element[+]
    * code = #clear-follow-up
    * display = "Clear response, targeted follow-up required"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference set 999002021000000105, whose members were not seen"
  * element[+]
    * code = #referred-one-ear
    * display = "No clear response in one ear, referred"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference set 999002021000000105, whose members were not seen"
  * element[+]
    * code = #referred-both-ears
    * display = "No clear response in both ears, referred"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference set 999002021000000105, whose members were not seen"
  * element[+]
    * code = #incomplete
    * display = "Hearing screen incomplete"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference set 999002021000000105, whose members were not seen"
  * element[+]
    * code = #declined
    * display = "Hearing screen declined"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference set 999002021000000105, whose members were not seen"
  * element[+]
    * code = #awaited
    * display = "Outcome of the hearing screen awaited"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; national codes are in reference set 999002021000000105, whose members were not seen"

CodeSystem: HearingRightEarCodes
Id: hearing-right-ear
Title: "Hearing right ear"
Description: "The words of Kith's records in the code map 'hearing-right-ear'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #aabr-clear-response "Automated auditory brainstem response test right ear clear response"
* #aabr-no-clear-response "Automated auditory brainstem response test right ear no clear response"
* #aoae-clear-response "Automated oto-acoustic emission test right ear clear response"
* #aoae-no-clear-response "Automated oto-acoustic emission test right ear no clear response"
* #not-tested "Right ear not tested"

ValueSet: HearingRightEarSet
Id: hearing-right-ear
Title: "Hearing right ear"
Description: "Every code of the code map 'hearing-right-ear' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#1085451000000103 "Automated auditory brainstem response test right ear clear response"
* http://snomed.info/sct#1085471000000107 "Automated auditory brainstem response test right ear no clear response"
* http://snomed.info/sct#1085501000000100 "Automated oto-acoustic emission test right ear clear response"
* http://snomed.info/sct#1085521000000109 "Automated oto-acoustic emission test right ear no clear response"
* include codes from system HearingRightEarCodes

Instance: HearingRightEarMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Hearing right ear: published codes"
Description: "From the words of the code map hearing-right-ear to the published codes that say the same."
* insert Published
* id = "hearing-right-ear"
* url = "https://kith.example/fhir/ConceptMap/hearing-right-ear"
* name = "HearingRightEarMap"
* title = "Hearing right ear: published codes"
* description = "From the words of the code map hearing-right-ear to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/hearing-right-ear"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #aabr-clear-response
    * display = "Automated auditory brainstem response test right ear clear response"
    * target[+]
      * code = #1085451000000103
      * display = "Automated auditory brainstem response test right ear clear response"
      * equivalence = #equivalent
  * element[+]
    * code = #aabr-no-clear-response
    * display = "Automated auditory brainstem response test right ear no clear response"
    * target[+]
      * code = #1085471000000107
      * display = "Automated auditory brainstem response test right ear no clear response"
      * equivalence = #equivalent
  * element[+]
    * code = #aoae-clear-response
    * display = "Automated oto-acoustic emission test right ear clear response"
    * target[+]
      * code = #1085501000000100
      * display = "Automated oto-acoustic emission test right ear clear response"
      * equivalence = #equivalent
  * element[+]
    * code = #aoae-no-clear-response
    * display = "Automated oto-acoustic emission test right ear no clear response"
    * target[+]
      * code = #1085521000000109
      * display = "Automated oto-acoustic emission test right ear no clear response"
      * equivalence = #equivalent
  * element[+]
    * code = #not-tested
    * display = "Right ear not tested"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"

CodeSystem: HouseholdAlcoholCodes
Id: household-alcohol
Title: "Household alcohol"
Description: "The words of Kith's records in the code map 'household-alcohol'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #misuse "Alcohol misuser in household"
* #no-misuse "Alcohol used in household, no sign of misuse"
* #none "No history of alcohol use in household"
* #declined "Declined to provide information about alcohol use of household"

ValueSet: HouseholdAlcoholSet
Id: household-alcohol
Title: "Household alcohol"
Description: "Every code of the code map 'household-alcohol' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#713071004 "Alcohol misuser in household"
* http://snomed.info/sct#1104841000000109 "No history of alcohol use in household"
* http://snomed.info/sct#1104401000000109 "Declined to provide information about alcohol use of household"
* include codes from system HouseholdAlcoholCodes

Instance: HouseholdAlcoholMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Household alcohol: published codes"
Description: "From the words of the code map household-alcohol to the published codes that say the same."
* insert Published
* id = "household-alcohol"
* url = "https://kith.example/fhir/ConceptMap/household-alcohol"
* name = "HouseholdAlcoholMap"
* title = "Household alcohol: published codes"
* description = "From the words of the code map household-alcohol to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/household-alcohol"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #misuse
    * display = "Alcohol misuser in household"
    * target[+]
      * code = #713071004
      * display = "Alcohol misuser in household"
      * equivalence = #equivalent
  * element[+]
    * code = #no-misuse
    * display = "Alcohol used in household, no sign of misuse"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #none
    * display = "No history of alcohol use in household"
    * target[+]
      * code = #1104841000000109
      * display = "No history of alcohol use in household"
      * equivalence = #equivalent
  * element[+]
    * code = #declined
    * display = "Declined to provide information about alcohol use of household"
    * target[+]
      * code = #1104401000000109
      * display = "Declined to provide information about alcohol use of household"
      * equivalence = #equivalent

CodeSystem: HouseholdSmokingCodes
Id: household-smoking
Title: "Household smoking"
Description: "The words of Kith's records in the code map 'household-smoking'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #smoker "Smoker in household"
* #ex-smoker "Ex smoker in household"
* #no-smokers "No smokers in the household"
* #declined "Declined to provide information about smoking status of household"

ValueSet: HouseholdSmokingSet
Id: household-smoking
Title: "Household smoking"
Description: "Every code of the code map 'household-smoking' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#94151000119101 "Smoker in household"
* http://snomed.info/sct#1104241000000108 "Ex smoker in household"
* http://snomed.info/sct#394964001 "No smokers in the household"
* http://snomed.info/sct#1104251000000106 "Declined to provide information about smoking status of household"
* include codes from system HouseholdSmokingCodes

Instance: HouseholdSmokingMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Household smoking: published codes"
Description: "From the words of the code map household-smoking to the published codes that say the same."
* insert Published
* id = "household-smoking"
* url = "https://kith.example/fhir/ConceptMap/household-smoking"
* name = "HouseholdSmokingMap"
* title = "Household smoking: published codes"
* description = "From the words of the code map household-smoking to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/household-smoking"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #smoker
    * display = "Smoker in household"
    * target[+]
      * code = #94151000119101
      * display = "Smoker in household"
      * equivalence = #equivalent
  * element[+]
    * code = #ex-smoker
    * display = "Ex smoker in household"
    * target[+]
      * code = #1104241000000108
      * display = "Ex smoker in household"
      * equivalence = #equivalent
  * element[+]
    * code = #no-smokers
    * display = "No smokers in the household"
    * target[+]
      * code = #394964001
      * display = "No smokers in the household"
      * equivalence = #equivalent
  * element[+]
    * code = #declined
    * display = "Declined to provide information about smoking status of household"
    * target[+]
      * code = #1104251000000106
      * display = "Declined to provide information about smoking status of household"
      * equivalence = #equivalent

CodeSystem: HouseholdSubstancesCodes
Id: household-substances
Title: "Household substances"
Description: "The words of Kith's records in the code map 'household-substances'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #misuse "Substance misuser in household"
* #past-misuse "Ex-substance misuser in household"
* #none "No history of substance misuse in household"
* #declined "Declined to provide information about substance misuse in household"

ValueSet: HouseholdSubstancesSet
Id: household-substances
Title: "Household substances"
Description: "Every code of the code map 'household-substances' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#1104261000000109 "Substance misuser in household"
* http://snomed.info/sct#1102341000000107 "Ex-substance misuser in household"
* http://snomed.info/sct#1104271000000102 "No history of substance misuse in household"
* http://snomed.info/sct#1104381000000109 "Declined to provide information about substance misuse in household"
* include codes from system HouseholdSubstancesCodes

Instance: HouseholdSubstancesMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Household substances: published codes"
Description: "From the words of the code map household-substances to the published codes that say the same."
* insert Published
* id = "household-substances"
* url = "https://kith.example/fhir/ConceptMap/household-substances"
* name = "HouseholdSubstancesMap"
* title = "Household substances: published codes"
* description = "From the words of the code map household-substances to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/household-substances"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #misuse
    * display = "Substance misuser in household"
    * target[+]
      * code = #1104261000000109
      * display = "Substance misuser in household"
      * equivalence = #equivalent
  * element[+]
    * code = #past-misuse
    * display = "Ex-substance misuser in household"
    * target[+]
      * code = #1102341000000107
      * display = "Ex-substance misuser in household"
      * equivalence = #equivalent
  * element[+]
    * code = #none
    * display = "No history of substance misuse in household"
    * target[+]
      * code = #1104271000000102
      * display = "No history of substance misuse in household"
      * equivalence = #equivalent
  * element[+]
    * code = #declined
    * display = "Declined to provide information about substance misuse in household"
    * target[+]
      * code = #1104381000000109
      * display = "Declined to provide information about substance misuse in household"
      * equivalence = #equivalent

CodeSystem: LanguageCodes
Id: language
Title: "Languages in which a service is offered"
Description: "The words of Kith's records in the code map 'language'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #en "English"
* #ar "Arabic"
* #bn "Bengali"
* #bfi "British Sign Language"
* #cy "Welsh"
* #es "Spanish"
* #fa "Persian"
* #fr "French"
* #gu "Gujarati"
* #it "Italian"
* #lt "Lithuanian"
* #pa "Punjabi"
* #pl "Polish"
* #pt "Portuguese"
* #ro "Romanian"
* #so "Somali"
* #ta "Tamil"
* #tr "Turkish"
* #uk "Ukrainian"
* #ur "Urdu"
* #zh "Chinese"

ValueSet: LanguageSet
Id: language
Title: "Languages in which a service is offered"
Description: "Every code of the code map 'language' that Kith writes or understands."
* ^experimental = false
* urn:ietf:bcp:47#en "English"
* urn:ietf:bcp:47#ar "Arabic"
* urn:ietf:bcp:47#bn "Bengali"
* urn:ietf:bcp:47#bfi "British Sign Language"
* urn:ietf:bcp:47#cy "Welsh"
* urn:ietf:bcp:47#es "Spanish"
* urn:ietf:bcp:47#fa "Persian"
* urn:ietf:bcp:47#fr "French"
* urn:ietf:bcp:47#gu "Gujarati"
* urn:ietf:bcp:47#it "Italian"
* urn:ietf:bcp:47#lt "Lithuanian"
* urn:ietf:bcp:47#pa "Punjabi"
* urn:ietf:bcp:47#pl "Polish"
* urn:ietf:bcp:47#pt "Portuguese"
* urn:ietf:bcp:47#ro "Romanian"
* urn:ietf:bcp:47#so "Somali"
* urn:ietf:bcp:47#ta "Tamil"
* urn:ietf:bcp:47#tr "Turkish"
* urn:ietf:bcp:47#uk "Ukrainian"
* urn:ietf:bcp:47#ur "Urdu"
* urn:ietf:bcp:47#zh "Chinese"
* include codes from system LanguageCodes

Instance: LanguageMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Languages in which a service is offered: published codes"
Description: "From the words of the code map language to the published codes that say the same."
* insert Published
* id = "language"
* url = "https://kith.example/fhir/ConceptMap/language"
* name = "LanguageMap"
* title = "Languages in which a service is offered: published codes"
* description = "From the words of the code map language to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/language"
  * target = "urn:ietf:bcp:47"
  * element[+]
    * code = #en
    * display = "English"
    * target[+]
      * code = #en
      * display = "English"
      * equivalence = #equivalent
  * element[+]
    * code = #ar
    * display = "Arabic"
    * target[+]
      * code = #ar
      * display = "Arabic"
      * equivalence = #equivalent
  * element[+]
    * code = #bn
    * display = "Bengali"
    * target[+]
      * code = #bn
      * display = "Bengali"
      * equivalence = #equivalent
  * element[+]
    * code = #bfi
    * display = "British Sign Language"
    * target[+]
      * code = #bfi
      * display = "British Sign Language"
      * equivalence = #equivalent
  * element[+]
    * code = #cy
    * display = "Welsh"
    * target[+]
      * code = #cy
      * display = "Welsh"
      * equivalence = #equivalent
  * element[+]
    * code = #es
    * display = "Spanish"
    * target[+]
      * code = #es
      * display = "Spanish"
      * equivalence = #equivalent
  * element[+]
    * code = #fa
    * display = "Persian"
    * target[+]
      * code = #fa
      * display = "Persian"
      * equivalence = #equivalent
  * element[+]
    * code = #fr
    * display = "French"
    * target[+]
      * code = #fr
      * display = "French"
      * equivalence = #equivalent
  * element[+]
    * code = #gu
    * display = "Gujarati"
    * target[+]
      * code = #gu
      * display = "Gujarati"
      * equivalence = #equivalent
  * element[+]
    * code = #it
    * display = "Italian"
    * target[+]
      * code = #it
      * display = "Italian"
      * equivalence = #equivalent
  * element[+]
    * code = #lt
    * display = "Lithuanian"
    * target[+]
      * code = #lt
      * display = "Lithuanian"
      * equivalence = #equivalent
  * element[+]
    * code = #pa
    * display = "Punjabi"
    * target[+]
      * code = #pa
      * display = "Punjabi"
      * equivalence = #equivalent
  * element[+]
    * code = #pl
    * display = "Polish"
    * target[+]
      * code = #pl
      * display = "Polish"
      * equivalence = #equivalent
  * element[+]
    * code = #pt
    * display = "Portuguese"
    * target[+]
      * code = #pt
      * display = "Portuguese"
      * equivalence = #equivalent
  * element[+]
    * code = #ro
    * display = "Romanian"
    * target[+]
      * code = #ro
      * display = "Romanian"
      * equivalence = #equivalent
  * element[+]
    * code = #so
    * display = "Somali"
    * target[+]
      * code = #so
      * display = "Somali"
      * equivalence = #equivalent
  * element[+]
    * code = #ta
    * display = "Tamil"
    * target[+]
      * code = #ta
      * display = "Tamil"
      * equivalence = #equivalent
  * element[+]
    * code = #tr
    * display = "Turkish"
    * target[+]
      * code = #tr
      * display = "Turkish"
      * equivalence = #equivalent
  * element[+]
    * code = #uk
    * display = "Ukrainian"
    * target[+]
      * code = #uk
      * display = "Ukrainian"
      * equivalence = #equivalent
  * element[+]
    * code = #ur
    * display = "Urdu"
    * target[+]
      * code = #ur
      * display = "Urdu"
      * equivalence = #equivalent
  * element[+]
    * code = #zh
    * display = "Chinese"
    * target[+]
      * code = #zh
      * display = "Chinese"
      * equivalence = #equivalent

CodeSystem: LevelOfServiceCodes
Id: level-of-service
Title: "Level of service"
Description: "The words of Kith's records in the code map 'level-of-service'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #universal "Universal"
* #universal-plus "Universal Plus"
* #universal-partnership-plus "Universal Partnership Plus"
* #targeted "Targeted"
* #specialist "Specialist"

ValueSet: LevelOfServiceSet
Id: level-of-service
Title: "Level of service"
Description: "Every code of the code map 'level-of-service' that Kith writes or understands."
* ^experimental = false
* include codes from system LevelOfServiceCodes

Instance: LevelOfServiceMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Level of service: published codes"
Description: "From the words of the code map level-of-service to the published codes that say the same."
* insert Published
* id = "level-of-service"
* url = "https://kith.example/fhir/ConceptMap/level-of-service"
* name = "LevelOfServiceMap"
* title = "Level of service: published codes"
* description = "From the words of the code map level-of-service to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/level-of-service"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #universal
    * display = "Universal"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; the words are those of the Healthy Child Programme, no national code list was found"
  * element[+]
    * code = #universal-plus
    * display = "Universal Plus"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; the words are those of the Healthy Child Programme, no national code list was found"
  * element[+]
    * code = #universal-partnership-plus
    * display = "Universal Partnership Plus"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; the words are those of the Healthy Child Programme, no national code list was found"
  * element[+]
    * code = #targeted
    * display = "Targeted"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; the words are those of the Healthy Child Programme, no national code list was found"
  * element[+]
    * code = #specialist
    * display = "Specialist"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; the words are those of the Healthy Child Programme, no national code list was found"

CodeSystem: MessageEventCodes
Id: message-event
Title: "Events of messages"
Description: "Kith's own codes."
* ^caseSensitive = true
* ^experimental = false
* #first-visit-form "First-visit form"
* #new-birth-visit "New-birth visit"
* #safeguarding-template "Safeguarding template"
* #safeguarding-flag "Safeguarding flag"
* #recall-notice "Recall notice"
* #school-health-needs "Health needs at school"
* #birth-notification "Birth notification"
* #gp-move "Move"
* #health-review "Health review"
* #integrated-review "Integrated review at two"
* #eyfs-profile "Early years foundation stage profile"
* #concern "Concern"
* #joint-plan "Joint plan"
* #centre-registration "Registration at a children's centre"
* #school-place "School place"
* #service-directory "Service of a children's centre"
* #centre-reach "Reach of a children's centre"
* #birth-list "Entry of the list of births"
* #centre-notice "Notice to a children's centre"
* #school-notice "Notice to a school"

ValueSet: MessageEventSet
Id: message-event
Title: "Events of messages"
Description: "Every code of the code map 'message-event' that Kith writes or understands."
* ^experimental = false
* include codes from system MessageEventCodes

CodeSystem: NipeEyesCodes
Id: nipe-eyes
Title: "Newborn physical examination: eyes"
Description: "The words of Kith's records in the code map 'nipe-eyes'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #no-abnormality "Newborn and Infant Physical Examination Screening Programme, eye examination done, no abnormality and no risk factor"
* #no-abnormality-risk-factor "Newborn and Infant Physical Examination Screening Programme, eye examination done, no abnormality with risk factor"
* #left-suspected "Newborn and Infant Physical Examination Screening Programme, eye examination done, left abnormality suspected and no risk factor"
* #left-suspected-risk-factor "Newborn and Infant Physical Examination Screening Programme, eye examination done, left abnormality suspected with risk factor"
* #right-suspected "Newborn and Infant Physical Examination Screening Programme, eye examination done, right abnormality suspected and no risk factor"
* #right-suspected-risk-factor "Newborn and Infant Physical Examination Screening Programme, eye examination done, right abnormality suspected with risk factor"
* #both-suspected "Newborn and Infant Physical Examination Screening Programme, eye examination done, bilateral abnormality suspected and no risk factor"
* #both-suspected-risk-factor "Newborn and Infant Physical Examination Screening Programme, eye examination done, bilateral abnormality suspected with risk factor"
* #incomplete "Newborn and Infant Physical Examination Screening Programme, eye examination incomplete"
* #declined "Newborn and Infant Physical Examination Screening Programme, eye examination declined"
* #not-done "Newborn and Infant Physical Examination Screening Programme, eye examination not done"

ValueSet: NipeEyesSet
Id: nipe-eyes
Title: "Newborn physical examination: eyes"
Description: "Every code of the code map 'nipe-eyes' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#989071000000108 "Newborn and Infant Physical Examination Screening Programme, eye examination done, no abnormality and no risk factor"
* http://snomed.info/sct#989091000000107 "Newborn and Infant Physical Examination Screening Programme, eye examination done, no abnormality with risk factor"
* http://snomed.info/sct#989191000000106 "Newborn and Infant Physical Examination Screening Programme, eye examination done, left abnormality suspected and no risk factor"
* http://snomed.info/sct#989211000000105 "Newborn and Infant Physical Examination Screening Programme, eye examination done, left abnormality suspected with risk factor"
* http://snomed.info/sct#989171000000107 "Newborn and Infant Physical Examination Screening Programme, eye examination done, right abnormality suspected and no risk factor"
* http://snomed.info/sct#989151000000103 "Newborn and Infant Physical Examination Screening Programme, eye examination done, right abnormality suspected with risk factor"
* http://snomed.info/sct#989111000000102 "Newborn and Infant Physical Examination Screening Programme, eye examination done, bilateral abnormality suspected and no risk factor"
* http://snomed.info/sct#989131000000105 "Newborn and Infant Physical Examination Screening Programme, eye examination done, bilateral abnormality suspected with risk factor"
* http://snomed.info/sct#989051000000104 "Newborn and Infant Physical Examination Screening Programme, eye examination incomplete"
* http://snomed.info/sct#989031000000106 "Newborn and Infant Physical Examination Screening Programme, eye examination declined"
* http://snomed.info/sct#989011000000103 "Newborn and Infant Physical Examination Screening Programme, eye examination not done"
* include codes from system NipeEyesCodes

Instance: NipeEyesMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Newborn physical examination: eyes: published codes"
Description: "From the words of the code map nipe-eyes to the published codes that say the same."
* insert Published
* id = "nipe-eyes"
* url = "https://kith.example/fhir/ConceptMap/nipe-eyes"
* name = "NipeEyesMap"
* title = "Newborn physical examination: eyes: published codes"
* description = "From the words of the code map nipe-eyes to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/nipe-eyes"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #no-abnormality
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, no abnormality and no risk factor"
    * target[+]
      * code = #989071000000108
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, no abnormality and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #no-abnormality-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, no abnormality with risk factor"
    * target[+]
      * code = #989091000000107
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, no abnormality with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #left-suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, left abnormality suspected and no risk factor"
    * target[+]
      * code = #989191000000106
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, left abnormality suspected and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #left-suspected-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, left abnormality suspected with risk factor"
    * target[+]
      * code = #989211000000105
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, left abnormality suspected with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #right-suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, right abnormality suspected and no risk factor"
    * target[+]
      * code = #989171000000107
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, right abnormality suspected and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #right-suspected-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, right abnormality suspected with risk factor"
    * target[+]
      * code = #989151000000103
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, right abnormality suspected with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #both-suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, bilateral abnormality suspected and no risk factor"
    * target[+]
      * code = #989111000000102
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, bilateral abnormality suspected and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #both-suspected-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, bilateral abnormality suspected with risk factor"
    * target[+]
      * code = #989131000000105
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination done, bilateral abnormality suspected with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #incomplete
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination incomplete"
    * target[+]
      * code = #989051000000104
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination incomplete"
      * equivalence = #equivalent
  * element[+]
    * code = #declined
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination declined"
    * target[+]
      * code = #989031000000106
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination declined"
      * equivalence = #equivalent
  * element[+]
    * code = #not-done
    * display = "Newborn and Infant Physical Examination Screening Programme, eye examination not done"
    * target[+]
      * code = #989011000000103
      * display = "Newborn and Infant Physical Examination Screening Programme, eye examination not done"
      * equivalence = #equivalent

CodeSystem: NipeHeartCodes
Id: nipe-heart
Title: "Newborn physical examination: heart"
Description: "The words of Kith's records in the code map 'nipe-heart'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #no-abnormality "Newborn and Infant Physical Examination Screening Programme, heart examination done, no abnormality and no risk factor"
* #no-abnormality-risk-factor "Newborn and Infant Physical Examination Screening Programme, heart examination done, no abnormality with risk factor"
* #suspected "Newborn and Infant Physical Examination Screening Programme, heart examination done, abnormality suspected and no risk factor"
* #suspected-risk-factor "Newborn and Infant Physical Examination Screening Programme, heart examination done, abnormality suspected with risk factor"
* #incomplete "Newborn and Infant Physical Examination Screening Programme, heart examination incomplete"
* #declined "Newborn and Infant Physical Examination Screening Programme, heart examination declined"
* #not-done "Newborn and Infant Physical Examination Screening Programme, heart examination not done"

ValueSet: NipeHeartSet
Id: nipe-heart
Title: "Newborn physical examination: heart"
Description: "Every code of the code map 'nipe-heart' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#988511000000100 "Newborn and Infant Physical Examination Screening Programme, heart examination done, no abnormality and no risk factor"
* http://snomed.info/sct#988531000000108 "Newborn and Infant Physical Examination Screening Programme, heart examination done, no abnormality with risk factor"
* http://snomed.info/sct#988571000000105 "Newborn and Infant Physical Examination Screening Programme, heart examination done, abnormality suspected and no risk factor"
* http://snomed.info/sct#988551000000101 "Newborn and Infant Physical Examination Screening Programme, heart examination done, abnormality suspected with risk factor"
* http://snomed.info/sct#988611000000101 "Newborn and Infant Physical Examination Screening Programme, heart examination incomplete"
* http://snomed.info/sct#988591000000109 "Newborn and Infant Physical Examination Screening Programme, heart examination declined"
* http://snomed.info/sct#988491000000108 "Newborn and Infant Physical Examination Screening Programme, heart examination not done"
* include codes from system NipeHeartCodes

Instance: NipeHeartMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Newborn physical examination: heart: published codes"
Description: "From the words of the code map nipe-heart to the published codes that say the same."
* insert Published
* id = "nipe-heart"
* url = "https://kith.example/fhir/ConceptMap/nipe-heart"
* name = "NipeHeartMap"
* title = "Newborn physical examination: heart: published codes"
* description = "From the words of the code map nipe-heart to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/nipe-heart"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #no-abnormality
    * display = "Newborn and Infant Physical Examination Screening Programme, heart examination done, no abnormality and no risk factor"
    * target[+]
      * code = #988511000000100
      * display = "Newborn and Infant Physical Examination Screening Programme, heart examination done, no abnormality and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #no-abnormality-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, heart examination done, no abnormality with risk factor"
    * target[+]
      * code = #988531000000108
      * display = "Newborn and Infant Physical Examination Screening Programme, heart examination done, no abnormality with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, heart examination done, abnormality suspected and no risk factor"
    * target[+]
      * code = #988571000000105
      * display = "Newborn and Infant Physical Examination Screening Programme, heart examination done, abnormality suspected and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #suspected-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, heart examination done, abnormality suspected with risk factor"
    * target[+]
      * code = #988551000000101
      * display = "Newborn and Infant Physical Examination Screening Programme, heart examination done, abnormality suspected with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #incomplete
    * display = "Newborn and Infant Physical Examination Screening Programme, heart examination incomplete"
    * target[+]
      * code = #988611000000101
      * display = "Newborn and Infant Physical Examination Screening Programme, heart examination incomplete"
      * equivalence = #equivalent
  * element[+]
    * code = #declined
    * display = "Newborn and Infant Physical Examination Screening Programme, heart examination declined"
    * target[+]
      * code = #988591000000109
      * display = "Newborn and Infant Physical Examination Screening Programme, heart examination declined"
      * equivalence = #equivalent
  * element[+]
    * code = #not-done
    * display = "Newborn and Infant Physical Examination Screening Programme, heart examination not done"
    * target[+]
      * code = #988491000000108
      * display = "Newborn and Infant Physical Examination Screening Programme, heart examination not done"
      * equivalence = #equivalent

CodeSystem: NipeHipsCodes
Id: nipe-hips
Title: "Newborn physical examination: hips"
Description: "The words of Kith's records in the code map 'nipe-hips'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #no-abnormality "Newborn and Infant Physical Examination Screening Programme, hip examination done, no abnormality and no risk factor"
* #no-abnormality-risk-factor "Newborn and Infant Physical Examination Screening Programme, hip examination done, no abnormality with risk factor"
* #left-suspected "Newborn and Infant Physical Examination Screening Programme, hip examination done, left abnormality suspected and no risk factor"
* #left-suspected-risk-factor "Newborn and Infant Physical Examination Screening Programme, hip examination done, left abnormality suspected with risk factor"
* #right-suspected "Newborn and Infant Physical Examination Screening Programme, hip examination done, right abnormality suspected and no risk factor"
* #right-suspected-risk-factor "Newborn and Infant Physical Examination Screening Programme, hip examination done, right abnormality suspected with risk factor"
* #both-suspected "Newborn and Infant Physical Examination Screening Programme, hip examination done, bilateral abnormality suspected and no risk factor"
* #both-suspected-risk-factor "Newborn and Infant Physical Examination Screening Programme, hip examination done, bilateral abnormality suspected with risk factor"
* #incomplete "Newborn and Infant Physical Examination Screening Programme, hip examination incomplete"
* #declined "Newborn and Infant Physical Examination Screening Programme, hip examination declined"
* #not-done "Newborn and Infant Physical Examination Screening Programme, hip examination not done"

ValueSet: NipeHipsSet
Id: nipe-hips
Title: "Newborn physical examination: hips"
Description: "Every code of the code map 'nipe-hips' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#985701000000100 "Newborn and Infant Physical Examination Screening Programme, hip examination done, no abnormality and no risk factor"
* http://snomed.info/sct#985741000000102 "Newborn and Infant Physical Examination Screening Programme, hip examination done, no abnormality with risk factor"
* http://snomed.info/sct#988331000000100 "Newborn and Infant Physical Examination Screening Programme, hip examination done, left abnormality suspected and no risk factor"
* http://snomed.info/sct#988311000000108 "Newborn and Infant Physical Examination Screening Programme, hip examination done, left abnormality suspected with risk factor"
* http://snomed.info/sct#988221000000109 "Newborn and Infant Physical Examination Screening Programme, hip examination done, right abnormality suspected and no risk factor"
* http://snomed.info/sct#985891000000104 "Newborn and Infant Physical Examination Screening Programme, hip examination done, right abnormality suspected with risk factor"
* http://snomed.info/sct#988241000000102 "Newborn and Infant Physical Examination Screening Programme, hip examination done, bilateral abnormality suspected and no risk factor"
* http://snomed.info/sct#985431000000103 "Newborn and Infant Physical Examination Screening Programme, hip examination done, bilateral abnormality suspected with risk factor"
* http://snomed.info/sct#988201000000100 "Newborn and Infant Physical Examination Screening Programme, hip examination incomplete"
* http://snomed.info/sct#988181000000104 "Newborn and Infant Physical Examination Screening Programme, hip examination declined"
* http://snomed.info/sct#988161000000108 "Newborn and Infant Physical Examination Screening Programme, hip examination not done"
* include codes from system NipeHipsCodes

Instance: NipeHipsMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Newborn physical examination: hips: published codes"
Description: "From the words of the code map nipe-hips to the published codes that say the same."
* insert Published
* id = "nipe-hips"
* url = "https://kith.example/fhir/ConceptMap/nipe-hips"
* name = "NipeHipsMap"
* title = "Newborn physical examination: hips: published codes"
* description = "From the words of the code map nipe-hips to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/nipe-hips"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #no-abnormality
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, no abnormality and no risk factor"
    * target[+]
      * code = #985701000000100
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, no abnormality and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #no-abnormality-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, no abnormality with risk factor"
    * target[+]
      * code = #985741000000102
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, no abnormality with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #left-suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, left abnormality suspected and no risk factor"
    * target[+]
      * code = #988331000000100
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, left abnormality suspected and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #left-suspected-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, left abnormality suspected with risk factor"
    * target[+]
      * code = #988311000000108
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, left abnormality suspected with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #right-suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, right abnormality suspected and no risk factor"
    * target[+]
      * code = #988221000000109
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, right abnormality suspected and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #right-suspected-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, right abnormality suspected with risk factor"
    * target[+]
      * code = #985891000000104
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, right abnormality suspected with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #both-suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, bilateral abnormality suspected and no risk factor"
    * target[+]
      * code = #988241000000102
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, bilateral abnormality suspected and no risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #both-suspected-risk-factor
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, bilateral abnormality suspected with risk factor"
    * target[+]
      * code = #985431000000103
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination done, bilateral abnormality suspected with risk factor"
      * equivalence = #equivalent
  * element[+]
    * code = #incomplete
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination incomplete"
    * target[+]
      * code = #988201000000100
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination incomplete"
      * equivalence = #equivalent
  * element[+]
    * code = #declined
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination declined"
    * target[+]
      * code = #988181000000104
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination declined"
      * equivalence = #equivalent
  * element[+]
    * code = #not-done
    * display = "Newborn and Infant Physical Examination Screening Programme, hip examination not done"
    * target[+]
      * code = #988161000000108
      * display = "Newborn and Infant Physical Examination Screening Programme, hip examination not done"
      * equivalence = #equivalent

CodeSystem: NipeTestesCodes
Id: nipe-testes
Title: "Newborn physical examination: testes"
Description: "The words of Kith's records in the code map 'nipe-testes'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #no-abnormality "Newborn and Infant Physical Examination Screening Programme, testis examination done, no abnormality"
* #left-suspected "Newborn and Infant Physical Examination Screening Programme, testis examination done, left abnormality suspected"
* #right-suspected "Newborn and Infant Physical Examination Screening Programme, testis examination done, right abnormality suspected"
* #both-suspected "Newborn and Infant Physical Examination Screening Programme, testis examination done, bilateral abnormality suspected"
* #incomplete "Newborn and Infant Physical Examination Screening Programme, testis examination incomplete"
* #declined "Newborn and Infant Physical Examination Screening Programme, testis examination declined"
* #not-done "Newborn and Infant Physical Examination Screening Programme, testis examination not done"

ValueSet: NipeTestesSet
Id: nipe-testes
Title: "Newborn physical examination: testes"
Description: "Every code of the code map 'nipe-testes' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#988931000000101 "Newborn and Infant Physical Examination Screening Programme, testis examination done, no abnormality"
* http://snomed.info/sct#988991000000100 "Newborn and Infant Physical Examination Screening Programme, testis examination done, left abnormality suspected"
* http://snomed.info/sct#988971000000104 "Newborn and Infant Physical Examination Screening Programme, testis examination done, right abnormality suspected"
* http://snomed.info/sct#988951000000108 "Newborn and Infant Physical Examination Screening Programme, testis examination done, bilateral abnormality suspected"
* http://snomed.info/sct#988911000000109 "Newborn and Infant Physical Examination Screening Programme, testis examination incomplete"
* http://snomed.info/sct#988891000000106 "Newborn and Infant Physical Examination Screening Programme, testis examination declined"
* http://snomed.info/sct#988871000000107 "Newborn and Infant Physical Examination Screening Programme, testis examination not done"
* include codes from system NipeTestesCodes

Instance: NipeTestesMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Newborn physical examination: testes: published codes"
Description: "From the words of the code map nipe-testes to the published codes that say the same."
* insert Published
* id = "nipe-testes"
* url = "https://kith.example/fhir/ConceptMap/nipe-testes"
* name = "NipeTestesMap"
* title = "Newborn physical examination: testes: published codes"
* description = "From the words of the code map nipe-testes to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/nipe-testes"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #no-abnormality
    * display = "Newborn and Infant Physical Examination Screening Programme, testis examination done, no abnormality"
    * target[+]
      * code = #988931000000101
      * display = "Newborn and Infant Physical Examination Screening Programme, testis examination done, no abnormality"
      * equivalence = #equivalent
  * element[+]
    * code = #left-suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, testis examination done, left abnormality suspected"
    * target[+]
      * code = #988991000000100
      * display = "Newborn and Infant Physical Examination Screening Programme, testis examination done, left abnormality suspected"
      * equivalence = #equivalent
  * element[+]
    * code = #right-suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, testis examination done, right abnormality suspected"
    * target[+]
      * code = #988971000000104
      * display = "Newborn and Infant Physical Examination Screening Programme, testis examination done, right abnormality suspected"
      * equivalence = #equivalent
  * element[+]
    * code = #both-suspected
    * display = "Newborn and Infant Physical Examination Screening Programme, testis examination done, bilateral abnormality suspected"
    * target[+]
      * code = #988951000000108
      * display = "Newborn and Infant Physical Examination Screening Programme, testis examination done, bilateral abnormality suspected"
      * equivalence = #equivalent
  * element[+]
    * code = #incomplete
    * display = "Newborn and Infant Physical Examination Screening Programme, testis examination incomplete"
    * target[+]
      * code = #988911000000109
      * display = "Newborn and Infant Physical Examination Screening Programme, testis examination incomplete"
      * equivalence = #equivalent
  * element[+]
    * code = #declined
    * display = "Newborn and Infant Physical Examination Screening Programme, testis examination declined"
    * target[+]
      * code = #988891000000106
      * display = "Newborn and Infant Physical Examination Screening Programme, testis examination declined"
      * equivalence = #equivalent
  * element[+]
    * code = #not-done
    * display = "Newborn and Infant Physical Examination Screening Programme, testis examination not done"
    * target[+]
      * code = #988871000000107
      * display = "Newborn and Infant Physical Examination Screening Programme, testis examination not done"
      * equivalence = #equivalent

CodeSystem: ParentalConsentCodes
Id: parental-consent
Title: "Parental consent to a joint review"
Description: "The words of Kith's records in the code map 'parental-consent'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #obtained "Parental consent obtained"
* #not-obtained "Parental consent not obtained"

ValueSet: ParentalConsentSet
Id: parental-consent
Title: "Parental consent to a joint review"
Description: "Every code of the code map 'parental-consent' that Kith writes or understands."
* ^experimental = false
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-ParentalConsentToShareInformation-1#Y "Parental consent obtained"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-ParentalConsentToShareInformation-1#N "Parental consent not obtained"
* include codes from system ParentalConsentCodes

Instance: ParentalConsentMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Parental consent to a joint review: published codes"
Description: "From the words of the code map parental-consent to the published codes that say the same."
* insert Published
* id = "parental-consent"
* url = "https://kith.example/fhir/ConceptMap/parental-consent"
* name = "ParentalConsentMap"
* title = "Parental consent to a joint review: published codes"
* description = "From the words of the code map parental-consent to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/parental-consent"
  * target = "https://fhir.nhs.uk/STU3/CodeSystem/DCH-ParentalConsentToShareInformation-1"
  * element[+]
    * code = #obtained
    * display = "Parental consent obtained"
    * target[+]
      * code = #Y
      * display = "Parental consent obtained"
      * equivalence = #equivalent
  * element[+]
    * code = #not-obtained
    * display = "Parental consent not obtained"
    * target[+]
      * code = #N
      * display = "Parental consent not obtained"
      * equivalence = #equivalent

CodeSystem: PlanStatusCodes
Id: plan-status
Title: "Plan status"
Description: "The words of Kith's records in the code map 'plan-status'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #not-started "Not started"
* #in-progress "In progress"
* #completed "Completed"
* #cancelled "Cancelled"

ValueSet: PlanStatusSet
Id: plan-status
Title: "Plan status"
Description: "Every code of the code map 'plan-status' that Kith writes or understands."
* ^experimental = false
* http://hl7.org/fhir/care-plan-activity-status#not-started "Not started"
* http://hl7.org/fhir/care-plan-activity-status#in-progress "In progress"
* http://hl7.org/fhir/care-plan-activity-status#completed "Completed"
* http://hl7.org/fhir/care-plan-activity-status#cancelled "Cancelled"

Instance: PlanStatusMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Plan status: published codes"
Description: "From the words of the code map plan-status to the published codes that say the same."
* insert Published
* id = "plan-status"
* url = "https://kith.example/fhir/ConceptMap/plan-status"
* name = "PlanStatusMap"
* title = "Plan status: published codes"
* description = "From the words of the code map plan-status to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/plan-status"
  * target = "http://hl7.org/fhir/care-plan-activity-status"
  * element[+]
    * code = #not-started
    * display = "Not started"
    * target[+]
      * code = #not-started
      * display = "Not started"
      * equivalence = #equivalent
  * element[+]
    * code = #in-progress
    * display = "In progress"
    * target[+]
      * code = #in-progress
      * display = "In progress"
      * equivalence = #equivalent
  * element[+]
    * code = #completed
    * display = "Completed"
    * target[+]
      * code = #completed
      * display = "Completed"
      * equivalence = #equivalent
  * element[+]
    * code = #cancelled
    * display = "Cancelled"
    * target[+]
      * code = #cancelled
      * display = "Cancelled"
      * equivalence = #equivalent

CodeSystem: ProgressLevelCodes
Id: progress-level
Title: "Where a child is in a prime area"
Description: "Kith's own codes."
* ^caseSensitive = true
* ^experimental = false
* #as-expected "As expected for the age"
* #some-concern "Some concern"
* #concern "Concern"

ValueSet: ProgressLevelSet
Id: progress-level
Title: "Where a child is in a prime area"
Description: "Every code of the code map 'progress-level' that Kith writes or understands."
* ^experimental = false
* include codes from system ProgressLevelCodes

CodeSystem: RegisterCodes
Id: register
Title: "Entries of the safeguarding register"
Description: "The words of Kith's records in the code map 'register'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #child-protection-plan "Subject to child protection plan"
* #child-in-need "Child in need"
* #looked-after "Looked after child"
* #concern "Child is cause for safeguarding concern"
* #family-member-on-plan "Family member subject of child protection plan"
* #unborn-plan "Unborn child subject to child protection plan"
* #unborn-concern "Unborn child is cause for safeguarding concern"
* #family-concern "Child in family is safeguarding concern"
* #child-protection-register "Child on protection register"
* #looked-after-ended "No longer subject of looked after child arrangement"

ValueSet: RegisterSet
Id: register
Title: "Entries of the safeguarding register"
Description: "Every code of the code map 'register' that Kith writes or understands."
* ^experimental = false
* http://snomed.info/sct#342191000000101 "Subject to child protection plan"
* http://snomed.info/sct#764841000000100 "Looked after child"
* http://snomed.info/sct#836881000000105 "Child is cause for safeguarding concern"
* http://snomed.info/sct#375041000000100 "Family member subject of child protection plan"
* http://snomed.info/sct#818901000000100 "Unborn child subject to child protection plan"
* http://snomed.info/sct#878111000000109 "Unborn child is cause for safeguarding concern"
* http://snomed.info/sct#1064961000000107 "Child in family is safeguarding concern"
* http://snomed.info/sct#160887007 "Child on protection register"
* http://snomed.info/sct#764951000000107 "No longer subject of looked after child arrangement"
* include codes from system RegisterCodes

Instance: RegisterMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Entries of the safeguarding register: published codes"
Description: "From the words of the code map register to the published codes that say the same."
* insert Published
* id = "register"
* url = "https://kith.example/fhir/ConceptMap/register"
* name = "RegisterMap"
* title = "Entries of the safeguarding register: published codes"
* description = "From the words of the code map register to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/register"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #child-protection-plan
    * display = "Subject to child protection plan"
    * target[+]
      * code = #342191000000101
      * display = "Subject to child protection plan"
      * equivalence = #equivalent
      * comment = "RCGP safeguarding toolkit; England-ChildProtectionPlan value set"
  * element[+]
    * code = #child-in-need
    * display = "Child in need"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site; only older codes were found: Read v2 13IS, CTV3 XaIO8"
  * element[+]
    * code = #looked-after
    * display = "Looked after child"
    * target[+]
      * code = #764841000000100
      * display = "Looked after child"
      * equivalence = #equivalent
      * comment = "England-ChildProtectionPlan value set"
  * element[+]
    * code = #concern
    * display = "Child is cause for safeguarding concern"
    * target[+]
      * code = #836881000000105
      * display = "Child is cause for safeguarding concern"
      * equivalence = #equivalent
      * comment = "RCGP safeguarding toolkit"
  * element[+]
    * code = #family-member-on-plan
    * display = "Family member subject of child protection plan"
    * target[+]
      * code = #375041000000100
      * display = "Family member subject of child protection plan"
      * equivalence = #equivalent
      * comment = "RCGP safeguarding toolkit"
  * element[+]
    * code = #unborn-plan
    * display = "Unborn child subject to child protection plan"
    * target[+]
      * code = #818901000000100
      * display = "Unborn child subject to child protection plan"
      * equivalence = #equivalent
      * comment = "England-ChildProtectionPlan value set"
  * element[+]
    * code = #unborn-concern
    * display = "Unborn child is cause for safeguarding concern"
    * target[+]
      * code = #878111000000109
      * display = "Unborn child is cause for safeguarding concern"
      * equivalence = #equivalent
      * comment = "RCGP safeguarding toolkit"
  * element[+]
    * code = #family-concern
    * display = "Child in family is safeguarding concern"
    * target[+]
      * code = #1064961000000107
      * display = "Child in family is safeguarding concern"
      * equivalence = #equivalent
      * comment = "RCGP safeguarding toolkit; understood where others send it"
  * element[+]
    * code = #child-protection-register
    * display = "Child on protection register"
    * target[+]
      * code = #160887007
      * display = "Child on protection register"
      * equivalence = #equivalent
      * comment = "Older than child protection plans; understood where others send it"
  * element[+]
    * code = #looked-after-ended
    * display = "No longer subject of looked after child arrangement"
    * target[+]
      * code = #764951000000107
      * display = "No longer subject of looked after child arrangement"
      * equivalence = #equivalent
      * comment = "An ending code; understood where others send it. A template ends an entry by its end date"

CodeSystem: RelationshipCodes
Id: relationship
Title: "Relationship to the child"
Description: "The words of Kith's records in the code map 'relationship'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #birth-mother "Biological mother"
* #birth-father "Biological father"
* #birth-parent "Biological Parent"
* #mother "mother"
* #father "father"
* #parent "parent"
* #step-mother "Stepmother"
* #step-father "Stepfather"
* #step-parent "Step-Parent"
* #adoptive-mother "Adoptive mother"
* #adoptive-father "Adoptive father"
* #adoptive-parent "Adoptive Parent"
* #foster-mother "Foster mother"
* #foster-father "Foster father"
* #foster-parent "Foster Parent"
* #grandmother "Grandmother"
* #grandfather "Grandfather"
* #grandparent "Grandparent"
* #sister "Sister"
* #brother "Brother"
* #aunt "Aunt"
* #uncle "Uncle"
* #other-relative "Other Relative"
* #residential-carer "Residential Carer"
* #family-friend "unrelated friend"
* #other "Other"

ValueSet: RelationshipSet
Id: relationship
Title: "Relationship to the child"
Description: "Every code of the code map 'relationship' that Kith writes or understands."
* ^experimental = false
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#BPM "Biological mother"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#NMTH "natural mother"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#BPF "Biological father"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#NFTH "natural father"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#BPX "Biological Parent"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#NPRN "natural parent"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#MTH "mother"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#FTH "father"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#PRN "parent"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#SPM "Stepmother"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#STPMTH "stepmother"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#SPF "Stepfather"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#STPFTH "stepfather"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#SPX "Step-Parent"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#STPPRN "step parent"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#APM "Adoptive mother"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#ADOPTM "adoptive mother"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#APF "Adoptive father"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#ADOPTF "adoptive father"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#APX "Adoptive Parent"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#ADOPTP "adoptive parent"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#FPM "Foster mother"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#MTHFOST "foster mother"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#FPF "Foster father"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#FTHFOST "foster father"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#FPX "Foster Parent"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#PRNFOST "foster parent"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#GPM "Grandmother"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#GRMTH "grandmother"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#GPF "Grandfather"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#GRFTH "grandfather"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#GPX "Grandparent"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#GRPRN "grandparent"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#ORS "Sister"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#SIS "sister"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#ORB "Brother"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#BRO "brother"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#ORA "Aunt"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#AUNT "aunt"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#ORU "Uncle"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#UNCLE "uncle"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#ORX "Other Relative"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#EXT "extended family member"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#RCX "Residential Carer"
* http://terminology.hl7.org/CodeSystem/v3-RoleCode#FRND "unrelated friend"
* https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1#OTX "Other"
* include codes from system RelationshipCodes

Instance: RelationshipMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Relationship to the child: published codes"
Description: "From the words of the code map relationship to the published codes that say the same."
* insert Published
* id = "relationship"
* url = "https://kith.example/fhir/ConceptMap/relationship"
* name = "RelationshipMap"
* title = "Relationship to the child: published codes"
* description = "From the words of the code map relationship to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/relationship"
  * target = "https://fhir.nhs.uk/STU3/CodeSystem/NHSDataDictionary-RelationshipToPersonForChildrenAndYoungPeople-1"
  * element[+]
    * code = #birth-mother
    * display = "Biological mother"
    * target[+]
      * code = #BPM
      * display = "Biological mother"
      * equivalence = #equivalent
  * element[+]
    * code = #birth-father
    * display = "Biological father"
    * target[+]
      * code = #BPF
      * display = "Biological father"
      * equivalence = #equivalent
  * element[+]
    * code = #birth-parent
    * display = "Biological Parent"
    * target[+]
      * code = #BPX
      * display = "Biological Parent"
      * equivalence = #equivalent
  * element[+]
    * code = #step-mother
    * display = "Stepmother"
    * target[+]
      * code = #SPM
      * display = "Stepmother"
      * equivalence = #equivalent
  * element[+]
    * code = #step-father
    * display = "Stepfather"
    * target[+]
      * code = #SPF
      * display = "Stepfather"
      * equivalence = #equivalent
  * element[+]
    * code = #step-parent
    * display = "Step-Parent"
    * target[+]
      * code = #SPX
      * display = "Step-Parent"
      * equivalence = #equivalent
  * element[+]
    * code = #adoptive-mother
    * display = "Adoptive mother"
    * target[+]
      * code = #APM
      * display = "Adoptive mother"
      * equivalence = #equivalent
  * element[+]
    * code = #adoptive-father
    * display = "Adoptive father"
    * target[+]
      * code = #APF
      * display = "Adoptive father"
      * equivalence = #equivalent
  * element[+]
    * code = #adoptive-parent
    * display = "Adoptive Parent"
    * target[+]
      * code = #APX
      * display = "Adoptive Parent"
      * equivalence = #equivalent
  * element[+]
    * code = #foster-mother
    * display = "Foster mother"
    * target[+]
      * code = #FPM
      * display = "Foster mother"
      * equivalence = #equivalent
  * element[+]
    * code = #foster-father
    * display = "Foster father"
    * target[+]
      * code = #FPF
      * display = "Foster father"
      * equivalence = #equivalent
  * element[+]
    * code = #foster-parent
    * display = "Foster Parent"
    * target[+]
      * code = #FPX
      * display = "Foster Parent"
      * equivalence = #equivalent
  * element[+]
    * code = #grandmother
    * display = "Grandmother"
    * target[+]
      * code = #GPM
      * display = "Grandmother"
      * equivalence = #equivalent
  * element[+]
    * code = #grandfather
    * display = "Grandfather"
    * target[+]
      * code = #GPF
      * display = "Grandfather"
      * equivalence = #equivalent
  * element[+]
    * code = #grandparent
    * display = "Grandparent"
    * target[+]
      * code = #GPX
      * display = "Grandparent"
      * equivalence = #equivalent
  * element[+]
    * code = #sister
    * display = "Sister"
    * target[+]
      * code = #ORS
      * display = "Sister"
      * equivalence = #equivalent
  * element[+]
    * code = #brother
    * display = "Brother"
    * target[+]
      * code = #ORB
      * display = "Brother"
      * equivalence = #equivalent
  * element[+]
    * code = #aunt
    * display = "Aunt"
    * target[+]
      * code = #ORA
      * display = "Aunt"
      * equivalence = #equivalent
  * element[+]
    * code = #uncle
    * display = "Uncle"
    * target[+]
      * code = #ORU
      * display = "Uncle"
      * equivalence = #equivalent
  * element[+]
    * code = #other-relative
    * display = "Other Relative"
    * target[+]
      * code = #ORX
      * display = "Other Relative"
      * equivalence = #equivalent
  * element[+]
    * code = #residential-carer
    * display = "Residential Carer"
    * target[+]
      * code = #RCX
      * display = "Residential Carer"
      * equivalence = #equivalent
  * element[+]
    * code = #other
    * display = "Other"
    * target[+]
      * code = #OTX
      * display = "Other"
      * equivalence = #equivalent
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/relationship"
  * target = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
  * element[+]
    * code = #birth-mother
    * display = "Biological mother"
    * target[+]
      * code = #NMTH
      * display = "natural mother"
      * equivalence = #equivalent
  * element[+]
    * code = #birth-father
    * display = "Biological father"
    * target[+]
      * code = #NFTH
      * display = "natural father"
      * equivalence = #equivalent
  * element[+]
    * code = #birth-parent
    * display = "Biological Parent"
    * target[+]
      * code = #NPRN
      * display = "natural parent"
      * equivalence = #equivalent
  * element[+]
    * code = #mother
    * display = "mother"
    * target[+]
      * code = #MTH
      * display = "mother"
      * equivalence = #equivalent
      * comment = "The NHS Data Dictionary has no code for a parent whose kind of parenthood is not said"
  * element[+]
    * code = #father
    * display = "father"
    * target[+]
      * code = #FTH
      * display = "father"
      * equivalence = #equivalent
      * comment = "The NHS Data Dictionary has no code for a parent whose kind of parenthood is not said"
  * element[+]
    * code = #parent
    * display = "parent"
    * target[+]
      * code = #PRN
      * display = "parent"
      * equivalence = #equivalent
      * comment = "The NHS Data Dictionary has no code for a parent whose kind of parenthood is not said"
  * element[+]
    * code = #step-mother
    * display = "Stepmother"
    * target[+]
      * code = #STPMTH
      * display = "stepmother"
      * equivalence = #equivalent
  * element[+]
    * code = #step-father
    * display = "Stepfather"
    * target[+]
      * code = #STPFTH
      * display = "stepfather"
      * equivalence = #equivalent
  * element[+]
    * code = #step-parent
    * display = "Step-Parent"
    * target[+]
      * code = #STPPRN
      * display = "step parent"
      * equivalence = #equivalent
  * element[+]
    * code = #adoptive-mother
    * display = "Adoptive mother"
    * target[+]
      * code = #ADOPTM
      * display = "adoptive mother"
      * equivalence = #equivalent
  * element[+]
    * code = #adoptive-father
    * display = "Adoptive father"
    * target[+]
      * code = #ADOPTF
      * display = "adoptive father"
      * equivalence = #equivalent
  * element[+]
    * code = #adoptive-parent
    * display = "Adoptive Parent"
    * target[+]
      * code = #ADOPTP
      * display = "adoptive parent"
      * equivalence = #equivalent
  * element[+]
    * code = #foster-mother
    * display = "Foster mother"
    * target[+]
      * code = #MTHFOST
      * display = "foster mother"
      * equivalence = #equivalent
  * element[+]
    * code = #foster-father
    * display = "Foster father"
    * target[+]
      * code = #FTHFOST
      * display = "foster father"
      * equivalence = #equivalent
  * element[+]
    * code = #foster-parent
    * display = "Foster Parent"
    * target[+]
      * code = #PRNFOST
      * display = "foster parent"
      * equivalence = #equivalent
  * element[+]
    * code = #grandmother
    * display = "Grandmother"
    * target[+]
      * code = #GRMTH
      * display = "grandmother"
      * equivalence = #equivalent
  * element[+]
    * code = #grandfather
    * display = "Grandfather"
    * target[+]
      * code = #GRFTH
      * display = "grandfather"
      * equivalence = #equivalent
  * element[+]
    * code = #grandparent
    * display = "Grandparent"
    * target[+]
      * code = #GRPRN
      * display = "grandparent"
      * equivalence = #equivalent
  * element[+]
    * code = #sister
    * display = "Sister"
    * target[+]
      * code = #SIS
      * display = "sister"
      * equivalence = #equivalent
  * element[+]
    * code = #brother
    * display = "Brother"
    * target[+]
      * code = #BRO
      * display = "brother"
      * equivalence = #equivalent
  * element[+]
    * code = #aunt
    * display = "Aunt"
    * target[+]
      * code = #AUNT
      * display = "aunt"
      * equivalence = #equivalent
  * element[+]
    * code = #uncle
    * display = "Uncle"
    * target[+]
      * code = #UNCLE
      * display = "uncle"
      * equivalence = #equivalent
  * element[+]
    * code = #other-relative
    * display = "Other Relative"
    * target[+]
      * code = #EXT
      * display = "extended family member"
      * equivalence = #equivalent
  * element[+]
    * code = #family-friend
    * display = "unrelated friend"
    * target[+]
      * code = #FRND
      * display = "unrelated friend"
      * equivalence = #equivalent

CodeSystem: RemovalReasonCodes
Id: removal-reason
Title: "Removal reason"
Description: "Kith's own codes."
* ^caseSensitive = true
* ^experimental = false
* #no-longer-applies "No longer applies"
* #added-in-error "Added in error"
* #transferred "Transferred to another authority"
* #superseded "Superseded by another entry"
* #reached-18 "Reached the age of 18"
* #child-died "The child has died"

ValueSet: RemovalReasonSet
Id: removal-reason
Title: "Removal reason"
Description: "Every code of the code map 'removal-reason' that Kith writes or understands."
* ^experimental = false
* include codes from system RemovalReasonCodes

CodeSystem: ReviewTypeCodes
Id: review-type
Title: "Health reviews"
Description: "The words of Kith's records in the code map 'review-type'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #six-to-eight-weeks "6-8 Week Health Visitor Review"
* #one-year "1 Year Health Review"

ValueSet: ReviewTypeSet
Id: review-type
Title: "Health reviews"
Description: "Every code of the code map 'review-type' that Kith writes or understands."
* ^experimental = false
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-ChildHealthEncounterType-1#0022 "6-8 Week Health Visitor Review"
* https://fhir.nhs.uk/STU3/CodeSystem/DCH-ChildHealthEncounterType-1#0021 "1 Year Health Review"
* include codes from system ReviewTypeCodes

Instance: ReviewTypeMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Health reviews: published codes"
Description: "From the words of the code map review-type to the published codes that say the same."
* insert Published
* id = "review-type"
* url = "https://kith.example/fhir/ConceptMap/review-type"
* name = "ReviewTypeMap"
* title = "Health reviews: published codes"
* description = "From the words of the code map review-type to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/review-type"
  * target = "https://fhir.nhs.uk/STU3/CodeSystem/DCH-ChildHealthEncounterType-1"
  * element[+]
    * code = #six-to-eight-weeks
    * display = "6-8 Week Health Visitor Review"
    * target[+]
      * code = #0022
      * display = "6-8 Week Health Visitor Review"
      * equivalence = #equivalent
  * element[+]
    * code = #one-year
    * display = "1 Year Health Review"
    * target[+]
      * code = #0021
      * display = "1 Year Health Review"
      * equivalence = #equivalent

CodeSystem: SexCodes
Id: sex
Title: "Sex of the child"
Description: "The words of Kith's records in the code map 'sex'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #female "Female"
* #male "Male"
* #indeterminate "Indeterminate"
* #not-known "Not known"

ValueSet: SexSet
Id: sex
Title: "Sex of the child"
Description: "Every code of the code map 'sex' that Kith writes or understands."
* ^experimental = false
* http://hl7.org/fhir/administrative-gender#female "Female"
* http://hl7.org/fhir/administrative-gender#male "Male"
* http://hl7.org/fhir/administrative-gender#other "Indeterminate"
* http://hl7.org/fhir/administrative-gender#unknown "Not known"

Instance: SexMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Sex of the child: published codes"
Description: "From the words of the code map sex to the published codes that say the same."
* insert Published
* id = "sex"
* url = "https://kith.example/fhir/ConceptMap/sex"
* name = "SexMap"
* title = "Sex of the child: published codes"
* description = "From the words of the code map sex to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/sex"
  * target = "http://hl7.org/fhir/administrative-gender"
  * element[+]
    * code = #female
    * display = "Female"
    * target[+]
      * code = #female
      * display = "Female"
      * equivalence = #equivalent
  * element[+]
    * code = #male
    * display = "Male"
    * target[+]
      * code = #male
      * display = "Male"
      * equivalence = #equivalent
  * element[+]
    * code = #indeterminate
    * display = "Indeterminate"
    * target[+]
      * code = #other
      * display = "Indeterminate"
      * equivalence = #equivalent
      * comment = "FHIR has no code of its own for an indeterminate sex"
  * element[+]
    * code = #not-known
    * display = "Not known"
    * target[+]
      * code = #unknown
      * display = "Not known"
      * equivalence = #equivalent

CodeSystem: SharedDataCodes
Id: shared-data
Title: "Information that a permission names"
Description: "The words of Kith's records in the code map 'shared-data'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #name "Name"
* #birth-date "Birth date"
* #address "Address"
* #nhs-number "NHS number"
* #sex "Sex"
* #birth "Birth"
* #feeding "Feeding"
* #measurements "Measurements"
* #screening "Newborn screening"
* #maternal-wellbeing "Mother's wellbeing"
* #household "Household"
* #needs "Needs and plan"
* #registration "Professionals, visits and permissions"
* #health-at-school "What a school must know of health"
* #development "Development"
* #school "School"

ValueSet: SharedDataSet
Id: shared-data
Title: "Information that a permission names"
Description: "Every code of the code map 'shared-data' that Kith writes or understands."
* ^experimental = false
* https://kith.example/fhir/CodeSystem/dataset#identity/name "Name"
* https://kith.example/fhir/CodeSystem/dataset#identity/birth-date "Birth date"
* https://kith.example/fhir/CodeSystem/dataset#identity/address "Address"
* https://kith.example/fhir/CodeSystem/dataset#identity/nhs-number "NHS number"
* https://kith.example/fhir/CodeSystem/dataset#identity/sex "Sex"
* https://kith.example/fhir/CodeSystem/dataset#birth "Birth"
* https://kith.example/fhir/CodeSystem/dataset#feeding "Feeding"
* https://kith.example/fhir/CodeSystem/dataset#measurements "Measurements"
* https://kith.example/fhir/CodeSystem/dataset#screening "Newborn screening"
* https://kith.example/fhir/CodeSystem/dataset#maternal-wellbeing "Mother's wellbeing"
* https://kith.example/fhir/CodeSystem/dataset#household "Household"
* https://kith.example/fhir/CodeSystem/dataset#needs "Needs and plan"
* https://kith.example/fhir/CodeSystem/dataset#registration "Professionals, visits and permissions"
* https://kith.example/fhir/CodeSystem/dataset#health-at-school "What a school must know of health"
* https://kith.example/fhir/CodeSystem/dataset#development "Development"
* https://kith.example/fhir/CodeSystem/dataset#school "School"
* include codes from system SharedDataCodes

Instance: SharedDataMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Information that a permission names: published codes"
Description: "From the words of the code map shared-data to the published codes that say the same."
* insert Published
* id = "shared-data"
* url = "https://kith.example/fhir/ConceptMap/shared-data"
* name = "SharedDataMap"
* title = "Information that a permission names: published codes"
* description = "From the words of the code map shared-data to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/shared-data"
  * target = "https://kith.example/fhir/CodeSystem/dataset"
  * element[+]
    * code = #name
    * display = "Name"
    * target[+]
      * code = #identity/name
      * display = "Name"
      * equivalence = #equivalent
  * element[+]
    * code = #birth-date
    * display = "Birth date"
    * target[+]
      * code = #identity/birth-date
      * display = "Birth date"
      * equivalence = #equivalent
  * element[+]
    * code = #address
    * display = "Address"
    * target[+]
      * code = #identity/address
      * display = "Address"
      * equivalence = #equivalent
  * element[+]
    * code = #nhs-number
    * display = "NHS number"
    * target[+]
      * code = #identity/nhs-number
      * display = "NHS number"
      * equivalence = #equivalent
  * element[+]
    * code = #sex
    * display = "Sex"
    * target[+]
      * code = #identity/sex
      * display = "Sex"
      * equivalence = #equivalent
  * element[+]
    * code = #birth
    * display = "Birth"
    * target[+]
      * code = #birth
      * display = "Birth"
      * equivalence = #equivalent
  * element[+]
    * code = #feeding
    * display = "Feeding"
    * target[+]
      * code = #feeding
      * display = "Feeding"
      * equivalence = #equivalent
  * element[+]
    * code = #measurements
    * display = "Measurements"
    * target[+]
      * code = #measurements
      * display = "Measurements"
      * equivalence = #equivalent
  * element[+]
    * code = #screening
    * display = "Newborn screening"
    * target[+]
      * code = #screening
      * display = "Newborn screening"
      * equivalence = #equivalent
  * element[+]
    * code = #maternal-wellbeing
    * display = "Mother's wellbeing"
    * target[+]
      * code = #maternal-wellbeing
      * display = "Mother's wellbeing"
      * equivalence = #equivalent
  * element[+]
    * code = #household
    * display = "Household"
    * target[+]
      * code = #household
      * display = "Household"
      * equivalence = #equivalent
  * element[+]
    * code = #needs
    * display = "Needs and plan"
    * target[+]
      * code = #needs
      * display = "Needs and plan"
      * equivalence = #equivalent
  * element[+]
    * code = #registration
    * display = "Professionals, visits and permissions"
    * target[+]
      * code = #registration
      * display = "Professionals, visits and permissions"
      * equivalence = #equivalent
  * element[+]
    * code = #health-at-school
    * display = "What a school must know of health"
    * target[+]
      * code = #health-at-school
      * display = "What a school must know of health"
      * equivalence = #equivalent
  * element[+]
    * code = #development
    * display = "Development"
    * target[+]
      * code = #development
      * display = "Development"
      * equivalence = #equivalent
  * element[+]
    * code = #school
    * display = "School"
    * target[+]
      * code = #school
      * display = "School"
      * equivalence = #equivalent

CodeSystem: SleepPlaceCodes
Id: sleep-place
Title: "Sleep place"
Description: "The words of Kith's records in the code map 'sleep-place'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #own-cot-with-parents "Own cot or Moses basket in the parents' room"
* #own-cot-other-room "Own cot or Moses basket in another room"
* #bed-with-parent "Bed shared with a parent"
* #sofa-or-chair "Sofa or chair"
* #car-seat-or-pram "Car seat or pram"
* #elsewhere "Elsewhere"

ValueSet: SleepPlaceSet
Id: sleep-place
Title: "Sleep place"
Description: "Every code of the code map 'sleep-place' that Kith writes or understands."
* ^experimental = false
* include codes from system SleepPlaceCodes

Instance: SleepPlaceMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Sleep place: published codes"
Description: "From the words of the code map sleep-place to the published codes that say the same."
* insert Published
* id = "sleep-place"
* url = "https://kith.example/fhir/ConceptMap/sleep-place"
* name = "SleepPlaceMap"
* title = "Sleep place: published codes"
* description = "From the words of the code map sleep-place to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/sleep-place"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #own-cot-with-parents
    * display = "Own cot or Moses basket in the parents' room"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #own-cot-other-room
    * display = "Own cot or Moses basket in another room"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #bed-with-parent
    * display = "Bed shared with a parent"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #sofa-or-chair
    * display = "Sofa or chair"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #car-seat-or-pram
    * display = "Car seat or pram"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #elsewhere
    * display = "Elsewhere"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"

CodeSystem: VisitPlaceCodes
Id: visit-place
Title: "Visit place"
Description: "The words of Kith's records in the code map 'visit-place'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #home "home health"
* #clinic "ambulatory"
* #hospital "inpatient encounter"
* #remote "virtual"
* #elsewhere "field"

ValueSet: VisitPlaceSet
Id: visit-place
Title: "Visit place"
Description: "Every code of the code map 'visit-place' that Kith writes or understands."
* ^experimental = false
* http://terminology.hl7.org/CodeSystem/v3-ActCode#HH "home health"
* http://terminology.hl7.org/CodeSystem/v3-ActCode#AMB "ambulatory"
* http://terminology.hl7.org/CodeSystem/v3-ActCode#IMP "inpatient encounter"
* http://terminology.hl7.org/CodeSystem/v3-ActCode#VR "virtual"
* http://terminology.hl7.org/CodeSystem/v3-ActCode#FLD "field"
* include codes from system VisitPlaceCodes

Instance: VisitPlaceMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Visit place: published codes"
Description: "From the words of the code map visit-place to the published codes that say the same."
* insert Published
* id = "visit-place"
* url = "https://kith.example/fhir/ConceptMap/visit-place"
* name = "VisitPlaceMap"
* title = "Visit place: published codes"
* description = "From the words of the code map visit-place to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/visit-place"
  * target = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
  * element[+]
    * code = #home
    * display = "home health"
    * target[+]
      * code = #HH
      * display = "home health"
      * equivalence = #equivalent
  * element[+]
    * code = #clinic
    * display = "ambulatory"
    * target[+]
      * code = #AMB
      * display = "ambulatory"
      * equivalence = #equivalent
  * element[+]
    * code = #hospital
    * display = "inpatient encounter"
    * target[+]
      * code = #IMP
      * display = "inpatient encounter"
      * equivalence = #equivalent
  * element[+]
    * code = #remote
    * display = "virtual"
    * target[+]
      * code = #VR
      * display = "virtual"
      * equivalence = #equivalent
  * element[+]
    * code = #elsewhere
    * display = "field"
    * target[+]
      * code = #FLD
      * display = "field"
      * equivalence = #equivalent

CodeSystem: VulnerabilityFactorCodes
Id: vulnerability-factor
Title: "Vulnerability factor"
Description: "The words of Kith's records in the code map 'vulnerability-factor'. A word travels as a code of this system where no published code is known; every word is understood."
* ^caseSensitive = true
* ^experimental = false
* #young-parent "Young parent"
* #care-experienced-parent "Parent was in care"
* #parental-mental-ill-health "Mental ill health of a parent"
* #parental-physical-ill-health "Physical ill health or disability of a parent"
* #parental-learning-disability "Learning disability of a parent"
* #parental-substance-misuse "Misuse of alcohol or drugs by a parent"
* #lone-parent "Lone parent"
* #social-isolation "Social isolation"
* #insecure-housing "Homeless or insecure housing"
* #low-income "Low income or debt"
* #asylum-seeker-or-refugee "Asylum seeker or refugee"
* #language-barrier "Barrier of language"
* #traveller-family "Gypsy, Roma or Traveller family"
* #preterm-birth "Born before 37 weeks"
* #low-birth-weight "Low birth weight"
* #multiple-birth "Twins or more"
* #disability-of-child "Disability or long-term illness of the child"
* #late-antenatal-booking "Late or no antenatal care"
* #bereavement "Bereavement"

ValueSet: VulnerabilityFactorSet
Id: vulnerability-factor
Title: "Vulnerability factor"
Description: "Every code of the code map 'vulnerability-factor' that Kith writes or understands."
* ^experimental = false
* include codes from system VulnerabilityFactorCodes

Instance: VulnerabilityFactorMap
InstanceOf: ConceptMap
Usage: #definition
Title: "Vulnerability factor: published codes"
Description: "From the words of the code map vulnerability-factor to the published codes that say the same."
* insert Published
* id = "vulnerability-factor"
* url = "https://kith.example/fhir/ConceptMap/vulnerability-factor"
* name = "VulnerabilityFactorMap"
* title = "Vulnerability factor: published codes"
* description = "From the words of the code map vulnerability-factor to the published codes that say the same."
* group[+]
  * source = "https://kith.example/fhir/CodeSystem/vulnerability-factor"
  * target = "http://snomed.info/sct"
  * element[+]
    * code = #young-parent
    * display = "Young parent"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #care-experienced-parent
    * display = "Parent was in care"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #parental-mental-ill-health
    * display = "Mental ill health of a parent"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #parental-physical-ill-health
    * display = "Physical ill health or disability of a parent"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #parental-learning-disability
    * display = "Learning disability of a parent"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #parental-substance-misuse
    * display = "Misuse of alcohol or drugs by a parent"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #lone-parent
    * display = "Lone parent"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #social-isolation
    * display = "Social isolation"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #insecure-housing
    * display = "Homeless or insecure housing"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #low-income
    * display = "Low income or debt"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #asylum-seeker-or-refugee
    * display = "Asylum seeker or refugee"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #language-barrier
    * display = "Barrier of language"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #traveller-family
    * display = "Gypsy, Roma or Traveller family"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #preterm-birth
    * display = "Born before 37 weeks"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #low-birth-weight
    * display = "Low birth weight"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #multiple-birth
    * display = "Twins or more"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #disability-of-child
    * display = "Disability or long-term illness of the child"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #late-antenatal-booking
    * display = "Late or no antenatal care"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
  * element[+]
    * code = #bereavement
    * display = "Bereavement"
    * target[+]
      * equivalence = #unmatched
      * comment = "to be supplied by site"
