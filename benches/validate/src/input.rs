//! What is validated: invented resources, about as large and as varied as those of real systems.

/// A resource.
pub struct Input {
    /// What it is.
    pub name: String,
    /// Its JSON.
    pub text: String,
}

/// A Patient of about 2.5 kB, indented, with narrative.
pub fn patient() -> Input {
    Input { name: "Patient".to_owned(), text: include_str!("patient.json").to_owned() }
}

/// A blood pressure of about 4.2 kB, indented, with narrative: R4's own profiles of vital signs apply.
pub fn observation() -> Input {
    Input { name: "Observation".to_owned(), text: include_str!("observation.json").to_owned() }
}

/// A collection of Patients and their Observations in turn, every reference resolving within it.
pub fn bundle(entries: usize) -> Input {
    let entry = |number: usize| {
        let (name, text) = if number.is_multiple_of(2) {
            (format!("Patient/rowan-{number}"), patient().text.replace("\"rowan\"", &format!("\"rowan-{number}\"")))
        } else {
            let patient = format!("Patient/rowan-{}", number - 1);
            let text = observation().text.replace("Patient/rowan", &patient);
            (format!("Observation/weight-{number}"), text.replace("\"pressure\"", &format!("\"weight-{number}\"")))
        };
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        format!("{{\"fullUrl\": \"https://provider.test/fhir/{name}\", \"resource\": {}}}", lines.join(" "))
    };
    let entries: Vec<String> = (0..entries).map(entry).collect();
    Input {
        name: format!("Bundle of {}", entries.len()),
        text: format!("{{\"resourceType\": \"Bundle\", \"type\": \"collection\", \"entry\": [{}]}}", entries.join(",\n")),
    }
}
