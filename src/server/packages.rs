//! Reads FHIR packages from disk: a `.tgz`, a folder of resources, or one resource.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::profile::package::{Package, Unreadable};

/// Folders within a folder: `package/` and what some authors put below it.
const DEPTH_MAX: usize = 4;

/// Bytes of all files of a folder.
const BYTES_MAX: u64 = 512 << 20;

/// Why a package cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum NotLoaded {
    /// The file or folder cannot be read.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It was read, but is no package.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// Reads what `--package` names.
pub fn load(path: &Path) -> Result<Package, NotLoaded> {
    let name = path.display().to_string();
    if path.is_dir() {
        let mut files = Vec::new();
        let mut left = BYTES_MAX;
        collect(path, path, 0, &mut left, &mut files)?;
        return Ok(Package::from_files(&name, files)?);
    }
    let bytes = read(path)?;
    // gzip says itself what it is (RFC 1952 §2.3.1), whatever the file is called.
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Package::from_archive(&name, &bytes)?);
    }
    Ok(Package::from_resource(&name, &bytes)?)
}

/// JSON and XML files below a folder, by their names from there, sorted so that the same folder gives the same package.
fn collect(
    root: &Path,
    folder: &Path,
    depth: usize,
    left: &mut u64,
    files: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), NotLoaded> {
    let fault = |cause: io::Error| NotLoaded::File { path: folder.to_owned(), cause };
    let entries = fs::read_dir(folder).map_err(fault)?;
    let mut paths =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(fault)?;
    paths.sort();
    for path in paths {
        if path.is_dir() && depth < DEPTH_MAX {
            collect(root, &path, depth + 1, left, files)?;
        } else if path.extension().is_some_and(|kind| kind == "json" || kind == "xml") {
            let bytes = read(&path)?;
            *left = left.checked_sub(bytes.len() as u64).ok_or_else(|| NotLoaded::File {
                path: root.to_owned(),
                cause: io::Error::other(format!("the folder holds more than {BYTES_MAX} bytes of resources")),
            })?;
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            files.push((name, bytes));
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, NotLoaded> {
    fs::read(path).map_err(|cause| NotLoaded::File { path: path.to_owned(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_files_and_what_is_not_there() {
        let folder = std::env::temp_dir().join(format!("kith-packages-{}", std::process::id()));
        fs::create_dir_all(folder.join("package")).unwrap();
        let file = folder.join("package/v.json");
        fs::write(&file, r#"{"resourceType":"ValueSet","url":"urn:v"}"#).unwrap();
        fs::write(folder.join("readme.md"), "no JSON").unwrap();
        assert_eq!(load(&folder).unwrap().value_sets.len(), 1);
        assert_eq!(load(&file).unwrap().value_sets.len(), 1);
        let text = load(&folder.join("none.tgz")).unwrap_err().to_string();
        assert!(text.contains("none.tgz: No such file"), "{text}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
