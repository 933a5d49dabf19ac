//! Style and script, in the program. Their names carry a hash of their text, so that browsers may keep them for good.

use std::sync::LazyLock;

use uuid::Uuid;

/// A file that pages load.
#[derive(Debug)]
pub struct Asset {
    /// Its name below `/assets/`.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The style of every page.
pub static STYLE: LazyLock<Asset> =
    LazyLock::new(|| asset("css", "text/css; charset=utf-8", include_str!("assets/kith.css")));

/// The script, which only adds what HTML cannot do.
pub static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| asset("js", "text/javascript; charset=utf-8", include_str!("assets/kith.js")));

/// The file of that name; other versions than the program's own are not there.
pub fn named(name: &str) -> Option<&'static Asset> {
    [&*STYLE, &*SCRIPT].into_iter().find(|asset| asset.name == name)
}

fn asset(ending: &str, media_type: &'static str, text: &'static str) -> Asset {
    let hash = Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()).simple().to_string();
    Asset { name: format!("kith-{hash}.{ending}"), media_type, text }
}
