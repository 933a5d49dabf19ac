// The groups of questions. Each belongs to one dataset, so that to withhold a dataset is to leave out whole resources.
// The link ids are those of the mappings; profiles/make-codes checks that none is missing.

RuleSet: Questions(name, title)
* insert Published
* id = "{name}"
* url = "https://kith.example/fhir/Questionnaire/{name}"
* subjectType = #Patient
* title = "{title}"

RuleSet: Ask(link, type, text)
* item[+].linkId = "{link}"
* item[=].text = "{text}"
* item[=].type = #{type}

RuleSet: Choose(link, map, text)
* item[+].linkId = "{link}"
* item[=].text = "{text}"
* item[=].type = #choice
* item[=].answerValueSet = "https://kith.example/fhir/ValueSet/{map}"

RuleSet: Count(link, least, most, text)
* item[+].linkId = "{link}"
* item[=].text = "{text}"
* item[=].type = #integer
* item[=].extension[+].url = "http://hl7.org/fhir/StructureDefinition/minValue"
* item[=].extension[=].valueInteger = {least}
* item[=].extension[+].url = "http://hl7.org/fhir/StructureDefinition/maxValue"
* item[=].extension[=].valueInteger = {most}

Instance: QuestionnaireBirth
InstanceOf: Questionnaire
Usage: #definition
Title: "Birth"
Description: "What is known of the birth, in the words of Digital Child Health's Birth Details."
* insert Questions(birth, Birth)
* name = "BirthQuestions"
* description = "What is known of the birth, in the words of Digital Child Health's Birth Details."
* insert Count(gestationWeeks, 20, 45, [[Length of the pregnancy in completed weeks]])
* insert Count(gestationDays, 0, 6, [[and days]])
* insert Count(numberOfBirths, 1, 9, [[How many babies were born]])
* insert Ask(placeOfBirth, reference, [[Place of birth]])
* insert Choose(placeType, birth-place-type, [[Type of place of birth]])
* insert Choose(delivery, delivery, [[Type of delivery]])
* insert Ask(problems, text, [[Problems at or after birth]])
* insert Count(apgar1Minute, 0, 10, [[Apgar score at 1 minute]])
* insert Count(apgar5Minutes, 0, 10, [[Apgar score at 5 minutes]])
* insert Count(apgar10Minutes, 0, 10, [[Apgar score at 10 minutes]])
* insert Ask(putToBreast, boolean, [[Was the baby put to the breast?]])

Instance: QuestionnaireFeeding
InstanceOf: Questionnaire
Usage: #definition
Title: "Feeding"
Description: "How the baby is fed, with the link ids of Digital Child Health's Feeding Status."
* insert Questions(feeding, Feeding)
* name = "FeedingQuestions"
* description = "How the baby is fed, with the link ids of Digital Child Health's Feeding Status."
* insert Choose(firstMilkFeed, first-feed, [[First milk feed]])
* insert Ask(firstMilkFeedDateTime, dateTime, [[When was the first milk feed?]])
* insert Choose(feedingStatus, breastfeeding-status, [[Breastfeeding status]])
* insert Choose(feedingMethod, feeding-method, [[How is the baby fed?]])
* insert Ask(approximateDateBreastfeedingStopped, date, [[About when did breastfeeding stop?]])
* insert Ask(introductionOfSolids, date, [[Since when does the child eat solid food?]])
* insert Ask(feedingNotes, text, [[Notes on feeding]])

Instance: QuestionnaireScreening
InstanceOf: Questionnaire
Usage: #definition
Title: "Newborn screening"
Description: "Whether the newborn screens were done and recorded, and what came of them. The screening services send their own messages."
* insert Questions(screening, Newborn screening)
* name = "ScreeningQuestions"
* description = "Whether the newborn screens were done and recorded, and what came of them. The screening services send their own messages."
* insert Ask(hearingDone, boolean, [[Was the hearing screen done?]])
* insert Ask(hearingDate, dateTime, [[When was hearing screened?]])
* insert Choose(hearingLeftEar, hearing-left-ear, [[Left ear]])
* insert Choose(hearingRightEar, hearing-right-ear, [[Right ear]])
* insert Choose(hearingOutcome, hearing-outcome, [[Outcome of the hearing screen]])
* insert Ask(hearingNotes, text, [[Notes on the hearing screen]])
* insert Ask(bloodSpotDone, boolean, [[Was the blood spot taken?]])
* insert Ask(bloodSpotDate, dateTime, [[When was the blood spot taken?]])
* insert Choose(bloodSpotOutcome, blood-spot-outcome, [[Outcome of the blood spot screen]])
* insert Ask(bloodSpotNotes, text, [[Notes on the blood spot screen]])
* insert Ask(physicalExaminationDone, boolean, [[Was the newborn physical examination done?]])
* insert Ask(physicalExaminationDate, dateTime, [[When was the baby examined?]])
* insert Choose(hips, nipe-hips, [[Hips]])
* insert Choose(eyes, nipe-eyes, [[Eyes]])
* insert Choose(heart, nipe-heart, [[Heart]])
* insert Choose(testes, nipe-testes, [[Testes]])
* insert Ask(physicalExaminationNotes, text, [[Notes on the physical examination]])

Instance: QuestionnaireMaternalWellbeing
InstanceOf: Questionnaire
Usage: #definition
Title: "Mother's wellbeing"
Description: "The mother's answers to the Whooley, GAD-2 and Edinburgh questions. No published codes were found for these scales, so the questions have names and the answers are yes, no or numbers."
* insert Questions(maternal-wellbeing, Mother's wellbeing)
* name = "MaternalWellbeingQuestions"
* description = "The mother's answers to the Whooley, GAD-2 and Edinburgh questions. No published codes were found for these scales, so the questions have names and the answers are yes, no or numbers."
* insert Ask(whooleyLowMood, boolean, [[Whooley: low mood in the past month]])
* insert Ask(whooleyLittleInterest, boolean, [[Whooley: little interest or pleasure in the past month]])
* insert Count(gad2Nervous, 0, 3, [[GAD-2: nervous, anxious or on edge]])
* insert Count(gad2Worrying, 0, 3, [[GAD-2: unable to stop or control worrying]])
* insert Count(gad2Score, 0, 6, [[GAD-2: score]])
* insert Count(epdsScore, 0, 30, [[Edinburgh Postnatal Depression Scale: score]])
* insert Count(epdsSelfHarm, 0, 3, [[Edinburgh Postnatal Depression Scale: question on self-harm]])
* insert Ask(maternalMoodNotes, text, [[Notes on the mother's mood]])

Instance: QuestionnaireHousehold
InstanceOf: Questionnaire
Usage: #definition
Title: "Household"
Description: "Smoking, alcohol, substances and safe sleep: the home as a whole."
* insert Questions(household, Household)
* name = "HouseholdQuestions"
* description = "Smoking, alcohol, substances and safe sleep: the home as a whole."
* insert Choose(householdSmokingStatus, household-smoking, [[Does anybody in the household smoke?]])
* insert Choose(householdAlcoholStatus, household-alcohol, [[Alcohol in the household]])
* insert Choose(householdSubstanceStatus, household-substances, [[Substances in the household]])
* insert Ask(safeSleepDiscussed, boolean, [[Was safe sleep discussed?]])
* insert Choose(sleepPlace, sleep-place, [[Where does the baby sleep?]])
* insert Ask(sleepPlaceSeen, boolean, [[Was the place seen?]])
* insert Ask(safeSleepRisks, text, [[Risks to safe sleep]])

Instance: QuestionnaireSafeguarding
InstanceOf: Questionnaire
Usage: #definition
Title: "Safeguarding"
Description: "What the 14-day check asks about domestic abuse, and what the safeguarding template says once about the whole case. Shared by duty, never by a parent's permission."
* insert Questions(safeguarding, Safeguarding)
* name = "SafeguardingQuestions"
* description = "What the 14-day check asks about domestic abuse, and what the safeguarding template says once about the whole case. Shared by duty, never by a parent's permission."
* insert Ask(domesticAbuseAsked, boolean, [[Was the question about domestic abuse asked?]])
* insert Ask(domesticAbuseReasonNotAsked, string, [[Why was it not asked?]])
* insert Ask(domesticAbuseDisclosed, boolean, [[Was domestic abuse disclosed?]])
* insert Ask(reviewDate, date, [[When is the case reviewed next?]])
* insert Ask(referralSource, string, [[Who referred the child first?]])
* insert Ask(referralDate, dateTime, [[When was the child referred first?]])
* insert Ask(whoWasWithChild, group, [[Who was with the child]])
* item[=].repeats = true
* item[=].item[+].linkId = "whoWasWithChildName"
* item[=].item[=].text = "Name"
* item[=].item[=].type = #string
// A relative of a child whose record is restricted is not named to anybody; the schema of the record asks its sender for the name.
* item[=].item[+].linkId = "whoWasWithChildRelationship"
* item[=].item[=].text = "Who the person says to be to the child"
* item[=].item[=].type = #string

Instance: QuestionnaireNeeds
InstanceOf: Questionnaire
Usage: #definition
Title: "Level of service"
Description: "The level of service that the family receives. There is no national list of codes for it."
* insert Questions(needs, Level of service)
* name = "NeedsQuestions"
* description = "The level of service that the family receives. There is no national list of codes for it."
* insert Choose(levelOfService, level-of-service, [[Level of service]])
* item[=].required = true

Instance: QuestionnaireEducation
InstanceOf: Questionnaire
Usage: #definition
Title: "Nursery or school"
Description: "The nursery or school that the child attends, with the link ids of Digital Child Health's Educational History."
* insert Questions(education, Nursery or school)
* name = "EducationQuestions"
* description = "The nursery or school that the child attends, with the link ids of Digital Child Health's Educational History."
* insert Choose(educationalEstablishmentType, establishment, [[Type of establishment]])
* item[=].required = true
* insert Ask(educationalEstablishment, reference, [[Nursery or school]])
* insert Ask(educationalEstablishmentStart, date, [[First day there]])
* insert Ask(educationalEstablishmentEnd, date, [[Last day there]])
* insert Ask(designatedTeacher, string, [[Designated teacher]])

Instance: QuestionnaireAsq3
InstanceOf: Questionnaire
Usage: #definition
Title: "ASQ-3"
Description: "Scores of the five areas of the Ages and Stages Questionnaire, third edition, and what the professional made of each. The tables that make an outcome of a score are licensed and not here."
* insert Questions(asq-3, [[ASQ-3]])
* name = "Asq3Questions"
* description = "Scores of the five areas of the Ages and Stages Questionnaire, third edition, and what the professional made of each. The tables that make an outcome of a score are licensed and not here."
* insert Count(asq3Months, 2, 60, [[Questionnaire used, in months]])
* insert Count(asq3CommunicationScore, 0, 60, [[Communication: score]])
* insert Choose(asq3CommunicationOutcome, asq3-outcome, [[Communication: outcome]])
* insert Count(asq3GrossMotorScore, 0, 60, [[Gross motor: score]])
* insert Choose(asq3GrossMotorOutcome, asq3-outcome, [[Gross motor: outcome]])
* insert Count(asq3FineMotorScore, 0, 60, [[Fine motor: score]])
* insert Choose(asq3FineMotorOutcome, asq3-outcome, [[Fine motor: outcome]])
* insert Count(asq3ProblemSolvingScore, 0, 60, [[Problem solving: score]])
* insert Choose(asq3ProblemSolvingOutcome, asq3-outcome, [[Problem solving: outcome]])
* insert Count(asq3PersonalSocialScore, 0, 60, [[Personal-social: score]])
* insert Choose(asq3PersonalSocialOutcome, asq3-outcome, [[Personal-social: outcome]])
* insert Ask(asq3ParentsConcerns, text, [[What the parents said]])

Instance: QuestionnaireAsqSe2
InstanceOf: Questionnaire
Usage: #definition
Title: "ASQ:SE-2"
Description: "The total of the Ages and Stages Questionnaire: Social-Emotional, second edition."
* insert Questions(asq-se-2, [[ASQ:SE-2]])
* name = "AsqSe2Questions"
* description = "The total of the Ages and Stages Questionnaire: Social-Emotional, second edition."
* insert Count(asqSeMonths, 2, 60, [[Questionnaire used, in months]])
* insert Count(asqSeScore, 0, 600, [[Score]])

Instance: QuestionnaireImmunisations
InstanceOf: Questionnaire
Usage: #definition
Title: "Immunisations"
Description: "Whether the child has had what the schedule gives by this age."
* insert Questions(immunisations, [[Immunisations]])
* name = "ImmunisationsQuestions"
* description = "Whether the child has had what the schedule gives by this age."
* insert Ask(immunisationsUpToDate, boolean, [[Are the immunisations up to date?]])
* item[=].required = true
* insert Ask(immunisationsNotes, text, [[Notes on immunisations]])

Instance: QuestionnaireEarlyYearsProgress
InstanceOf: Questionnaire
Usage: #definition
Title: "Early years progress"
Description: "The progress check at two, with the link ids of Digital Child Health's Early Years Progress."
* insert Questions(early-years-progress, [[Early years progress]])
* name = "EarlyYearsProgressQuestions"
* description = "The progress check at two, with the link ids of Digital Child Health's Early Years Progress."
* insert Choose(parentalConsent, parental-consent, [[Did the parents agree to a joint review?]])
* insert Ask(communicationAndLanguage, group, [[Communication and language]])
* item[=].item[+].linkId = "communicationAndLanguageLevel"
* item[=].item[=].text = "Where is the child?"
* item[=].item[=].type = #choice
* item[=].item[=].answerValueSet = "https://kith.example/fhir/ValueSet/progress-level"
* item[=].item[+].linkId = "communicationAndLanguageNotes"
* item[=].item[=].text = "What was seen?"
* item[=].item[=].type = #text
* insert Ask(physicalDevelopment, group, [[Physical development]])
* item[=].item[+].linkId = "physicalDevelopmentLevel"
* item[=].item[=].text = "Where is the child?"
* item[=].item[=].type = #choice
* item[=].item[=].answerValueSet = "https://kith.example/fhir/ValueSet/progress-level"
* item[=].item[+].linkId = "physicalDevelopmentNotes"
* item[=].item[=].text = "What was seen?"
* item[=].item[=].type = #text
* insert Ask(personalSocialEmotionalDevelopment, group, [[Personal, social and emotional development]])
* item[=].item[+].linkId = "personalSocialEmotionalDevelopmentLevel"
* item[=].item[=].text = "Where is the child?"
* item[=].item[=].type = #choice
* item[=].item[=].answerValueSet = "https://kith.example/fhir/ValueSet/progress-level"
* item[=].item[+].linkId = "personalSocialEmotionalDevelopmentNotes"
* item[=].item[=].text = "What was seen?"
* item[=].item[=].type = #text
* insert Ask(areasOfConcern, text, [[Areas of concern]])
* insert Ask(supportedRequestedOrProvided, text, [[Support asked for or given]])
* insert Ask(parentsView, text, [[What the parents say]])

Instance: QuestionnaireEyfsProfile
InstanceOf: Questionnaire
Usage: #definition
Title: "Early years foundation stage profile"
Description: "The seventeen early learning goals, each with its result."
* insert Questions(eyfs-profile, [[Early years foundation stage profile]])
* name = "EyfsProfileQuestions"
* description = "The seventeen early learning goals, each with its result."
* insert Ask(academicYear, string, [[Academic year]])
* item[=].required = true
* insert Choose(listeningAttentionAndUnderstanding, eyfs-result, [[Listening, attention and understanding]])
* item[=].required = true
* insert Choose(speaking, eyfs-result, [[Speaking]])
* item[=].required = true
* insert Choose(selfRegulation, eyfs-result, [[Self-regulation]])
* item[=].required = true
* insert Choose(managingSelf, eyfs-result, [[Managing self]])
* item[=].required = true
* insert Choose(buildingRelationships, eyfs-result, [[Building relationships]])
* item[=].required = true
* insert Choose(grossMotorSkills, eyfs-result, [[Gross motor skills]])
* item[=].required = true
* insert Choose(fineMotorSkills, eyfs-result, [[Fine motor skills]])
* item[=].required = true
* insert Choose(comprehension, eyfs-result, [[Comprehension]])
* item[=].required = true
* insert Choose(wordReading, eyfs-result, [[Word reading]])
* item[=].required = true
* insert Choose(writing, eyfs-result, [[Writing]])
* item[=].required = true
* insert Choose(number, eyfs-result, [[Number]])
* item[=].required = true
* insert Choose(numericalPatterns, eyfs-result, [[Numerical patterns]])
* item[=].required = true
* insert Choose(pastAndPresent, eyfs-result, [[Past and present]])
* item[=].required = true
* insert Choose(peopleCultureAndCommunities, eyfs-result, [[People, culture and communities]])
* item[=].required = true
* insert Choose(theNaturalWorld, eyfs-result, [[The natural world]])
* item[=].required = true
* insert Choose(creatingWithMaterials, eyfs-result, [[Creating with materials]])
* item[=].required = true
* insert Choose(beingImaginativeAndExpressive, eyfs-result, [[Being imaginative and expressive]])
* item[=].required = true

Instance: QuestionnaireConcernReport
InstanceOf: Questionnaire
Usage: #definition
Title: "Report of a concern"
Description: "What is said once about a concern: danger, what was done, what the family knows."
* insert Questions(concern-report, [[Report of a concern]])
* name = "ConcernReportQuestions"
* description = "What is said once about a concern: danger, what was done, what the family knows."
* insert Ask(immediateDanger, boolean, [[Is the child in danger now?]])
* insert Ask(immediateDangerWhy, text, [[What makes it immediate?]])
* insert Ask(actionTaken, text, [[What was done already?]])
* insert Ask(familyTold, boolean, [[Was the family told that this is shared?]])
* insert Ask(familyNotToldWhy, text, [[Why not?]])
* insert Ask(familyView, text, [[What does the family say?]])
