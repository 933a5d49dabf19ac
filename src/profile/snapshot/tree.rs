//! A snapshot as a tree. Slices of an element are its siblings, right after it.

use super::DEPTH_MAX;
use crate::profile::definition::Element;

/// An element with what is below it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// What is said of it. Id and path are written when the tree is flattened.
    pub(super) element: Element,
    /// The last step of its id, such as `identifier:nhsNumber`.
    pub(super) step: String,
    /// What is below it, in order.
    pub(super) children: Vec<Node>,
    /// Whether this differential calls it by its type alone: `valueQuantity` for `value[x]:valueQuantity`.
    pub(super) is_shortcut: bool,
}

impl Node {
    pub(super) fn new(element: Element, step: String) -> Self {
        Self { element, step, children: Vec::new(), is_shortcut: false }
    }

    /// Reads a snapshot; `None` when it is empty, or so deep that walking it could exhaust the stack.
    pub(super) fn tree(elements: &[Element]) -> Option<Self> {
        let (root, rest) = elements.split_first()?;
        if elements.iter().any(|element| element.path.matches('.').count() > DEPTH_MAX) {
            return None;
        }
        // The nodes on the way down to the last one read; each is put below its parent when it is complete.
        let mut open = vec![Self::new(root.clone(), root.path.clone())];
        for element in rest {
            let depth = element.path.matches('.').count().max(1);
            close(&mut open, depth);
            open.push(Self::new(element.clone(), step(element)));
        }
        close(&mut open, 1);
        open.pop()
    }

    /// The name without slice, such as `identifier`.
    pub(super) fn name(&self) -> &str {
        name_of(&self.step)
    }

    /// The slice, such as `nhsNumber`.
    pub(super) fn slice(&self) -> Option<&str> {
        self.step.split_once(':').map(|(_, slice)| slice)
    }

    /// How many elements the subtree has.
    pub(super) fn size(&self) -> usize {
        1 + self.children.iter().map(Self::size).sum::<usize>()
    }

    /// The node that is those steps below this one.
    pub(super) fn at<'s>(&self, mut steps: impl Iterator<Item = &'s str>) -> Option<&Self> {
        steps.try_fold(self, |node, step| node.children.iter().find(|child| child.step == step))
    }

    /// Writes the tree out as a snapshot.
    pub(super) fn flatten(self) -> Vec<Element> {
        let mut elements = Vec::with_capacity(self.size());
        let (id, path) = (self.step.clone(), name_of(&self.step).to_owned());
        self.write(id, path, &mut elements);
        elements
    }

    fn write(self, id: String, path: String, elements: &mut Vec<Element>) {
        let Self { mut element, children, .. } = self;
        // Elements that the structure adds are their own base.
        element.base_max = element.base_max.or(element.max);
        element.id.clone_from(&id);
        element.path.clone_from(&path);
        elements.push(element);
        for child in children {
            let (id, path) = (format!("{id}.{}", child.step), format!("{path}.{}", child.name()));
            child.write(id, path, elements);
        }
    }
}

/// Puts nodes below their parents until the one on top is at depth - 1.
fn close(open: &mut Vec<Node>, depth: usize) {
    while open.len() > depth {
        let Some(node) = open.pop() else { return };
        match open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => open.push(node),
        }
    }
}

/// The last step of an element's id; made from path and slice where the id does not fit them.
fn step(element: &Element) -> String {
    let name = element.name();
    let last = element.id.rsplit('.').next().unwrap_or_default();
    match &element.slice_name {
        _ if name_of(last) == name => last.to_owned(),
        Some(slice) => format!("{name}:{slice}"),
        None => name.to_owned(),
    }
}

/// A step without its slice.
pub(super) fn name_of(step: &str) -> &str {
    step.split(':').next().unwrap_or_default()
}
