//! The children of an element, found by the names that they have in JSON.

/// A name that a child may have in JSON.
#[derive(Debug)]
pub struct Member {
    /// The name, such as `valueQuantity`.
    pub name: Box<str>,
    /// Which child it is.
    pub child: u32,
    /// Which of the child's types it means.
    pub kind: u16,
}

/// The children of an element.
#[derive(Debug, Default)]
pub struct Members {
    /// The numbers of the children's checks, in the order of the definition.
    pub children: Vec<u32>,
    /// Those that cannot be left out, or have slices that cannot: as places in `children`.
    pub demanded: Vec<u32>,
    /// Whether the values may be of several types, and these are only what all of them have.
    pub is_common: bool,
    /// Every name, sorted by key.
    names: Vec<Member>,
    /// The key of each name.
    keys: Vec<u64>,
}

/// Length and first letters of a name: few names of one element have the same.
fn key(name: &str) -> u64 {
    let mut bytes = [0_u8; 8];
    bytes[0] = u8::try_from(name.len()).unwrap_or(u8::MAX);
    for (to, from) in bytes[1..].iter_mut().zip(name.as_bytes()) {
        *to = *from;
    }
    u64::from_be_bytes(bytes)
}

impl Members {
    /// Children, those that are demanded, and the names they have.
    pub fn new(children: Vec<u32>, demanded: Vec<u32>, mut names: Vec<Member>) -> Self {
        names.sort_by(|a, b| (key(&a.name), &a.name).cmp(&(key(&b.name), &b.name)));
        names.dedup_by(|a, b| a.name == b.name);
        let keys = names.iter().map(|one| key(&one.name)).collect();
        Self { children, demanded, is_common: false, names, keys }
    }

    /// The same, as what several types have in common.
    pub fn common_to(self, is_common: bool) -> Self {
        Self { is_common, ..self }
    }

    /// Whether there are no children.
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// The child of that name.
    pub fn find(&self, name: &str) -> Option<&Member> {
        let wanted = key(name);
        let start = self.keys.partition_point(|one| *one < wanted);
        let same = self.keys[start..].iter().take_while(|one| **one == wanted).count();
        self.names[start..start + same].iter().find(|one| &*one.name == name)
    }

    /// Every name, for advice on a name that is not known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|one| &*one.name)
    }
}
