//! `kith map export`: mappings in FHIR's own mapping language, as files for another engine.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{chosen_of, load};
use crate::command::{End, print, say};
use crate::map::Direction;

#[derive(Args)]
pub(in crate::command) struct Export {
    /// One record kind alone
    #[arg(long)]
    kind: Option<String>,
    /// A folder of mappings to use instead of those built in
    #[arg(long)]
    mappings: Option<PathBuf>,
    /// The folder to write to; it is made where it is not there
    #[arg(long)]
    out: PathBuf,
}

pub(super) fn export(arguments: &Export) -> End {
    let catalogue = match load(arguments.mappings.as_deref()) {
        Ok(catalogue) => catalogue,
        Err(faults) => {
            faults.iter().for_each(|fault| say(fault));
            return End::CallIsWrong;
        }
    };
    let kinds: Vec<_> = match &arguments.kind {
        None => catalogue.kinds().cloned().collect(),
        Some(name) => match chosen_of(&catalogue, name) {
            None => return End::CallIsWrong,
            Some(kind) => vec![kind],
        },
    };
    let mut files = Vec::new();
    for kind in kinds {
        files.push((
            format!("StructureDefinition-record-{}.json", kind.name),
            format!("{:#}\n", kind.logical_model()),
        ));
        for direction in Direction::ALL {
            let exported = catalogue.exported(&kind, direction);
            let name = format!("{}-{}", kind.name, direction.name());
            files.push((format!("StructureMap-{name}.json"), format!("{:#}\n", exported.resource)));
            files.push((format!("{name}.map"), exported.text));
        }
    }
    match write(&arguments.out, &files) {
        Ok(()) => print(&format!("{} files are in {}.", files.len(), arguments.out.display())),
        Err(text) => {
            say(&text);
            End::CallIsWrong
        }
    }
}

fn write(folder: &Path, files: &[(String, String)]) -> Result<(), String> {
    let wrong =
        |path: &Path, error: std::io::Error| format!("{}: cannot be written: {error}", path.display());
    std::fs::create_dir_all(folder).map_err(|error| wrong(folder, error))?;
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| wrong(&path, error))?;
    }
    Ok(())
}
