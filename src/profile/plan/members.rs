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
    /// Every name, sorted by length and letters.
    names: Vec<Member>,
}

impl Members {
    /// Children and the names they have.
    pub fn new(children: Vec<u32>, mut names: Vec<Member>) -> Self {
        names.sort_by(|a, b| (a.name.len(), &a.name).cmp(&(b.name.len(), &b.name)));
        names.dedup_by(|a, b| a.name == b.name);
        Self { children, names }
    }

    /// Whether there are no children.
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// The child of that name.
    pub fn find(&self, name: &str) -> Option<&Member> {
        let key = (name.len(), name.as_bytes());
        let found = self.names.binary_search_by(|one| (one.name.len(), one.name.as_bytes()).cmp(&key));
        found.ok().map(|at| &self.names[at])
    }

    /// Every name, for advice on a name that is not known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|one| &*one.name)
    }
}
