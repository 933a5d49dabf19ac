//! Puts the files of `mappings/` and the package of profiles into the program, so that one binary is all there is to
//! install.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

use flate2::{Compression, GzBuilder};

#[allow(clippy::disallowed_methods)] // Cargo speaks to build scripts through the environment.
fn main() -> io::Result<()> {
    let home = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    mappings(Path::new(&home), Path::new(&out))?;
    profiles(Path::new(&home), Path::new(&out))
}

fn mappings(home: &Path, out: &Path) -> io::Result<()> {
    println!("cargo:rerun-if-changed=mappings");
    let root = home.join("mappings");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut code = String::from(
        "/// Every file of `mappings/`, by its path below it.\nconst BUILTIN: &[(&str, &str)] = &[\n",
    );
    for file in files {
        let name = file.strip_prefix(&format!("{}/", root.display())).unwrap_or(&file);
        // Where the sources are is asked when the program is compiled: a build folder may serve checkouts in several places.
        let below = format!("/mappings/{name}");
        writeln!(code, "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {below:?}))),")
            .expect("writing to a string");
    }
    code.push_str("];\n");
    fs::write(out.join("mappings.rs"), code)
}

/// The package `profiles/package`, as a `.tgz` for whoever asks for it: always the same bytes for the same files.
fn profiles(home: &Path, out: &Path) -> io::Result<()> {
    println!("cargo:rerun-if-changed=profiles/package");
    let root = home.join("profiles").join("package");
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    let mut names: Vec<String> = paths
        .iter()
        .filter_map(|path| path.strip_prefix(&format!("{}/", root.display())))
        .map(str::to_owned)
        .collect();
    names.sort();
    let file = fs::File::create(out.join("profiles.tgz"))?;
    let mut archive = tar::Builder::new(GzBuilder::new().mtime(0).write(file, Compression::best()));
    for name in names {
        let bytes = fs::read(root.join(&name))?;
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("package/{name}"), bytes.as_slice())?;
    }
    archive.into_inner()?.finish()?;
    let code = "/// Kith's profiles as a FHIR package.\n\
        const OWN_PACKAGE: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/profiles.tgz\"));\n";
    fs::write(out.join("profiles.rs"), code)
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
