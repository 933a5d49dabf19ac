//! Puts the files of `mappings/` into the program, so that one binary is all there is to install.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

#[allow(clippy::disallowed_methods)] // Cargo speaks to build scripts through the environment.
fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=mappings");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("mappings");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut code = String::from(
        "/// Every file of `mappings/`, by its path below it.\nconst BUILTIN: &[(&str, &str)] = &[\n",
    );
    for file in files {
        let name = file.strip_prefix(&format!("{}/", root.display())).unwrap_or(&file);
        writeln!(code, "    ({name:?}, include_str!({file:?})),").expect("writing to a string");
    }
    code.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("mappings.rs"), code)
}

fn collect(folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "md" || kind == "csv" || kind == "json") {
            files.push(path.display().to_string());
        }
    }
    Ok(())
}
