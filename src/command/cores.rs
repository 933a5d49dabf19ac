//! Work spread over the processor's cores.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What the work makes of each item, in the items' order. Whoever is done takes the next, so that one that lasts keeps no other waiting.
pub(super) fn spread<T: Sync, R: Send + Sync>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let slots: Vec<OnceLock<R>> = items.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let worker = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let (Some(item), Some(slot)) = (items.get(number), slots.get(number)) else { return };
            slot.get_or_init(|| work(item));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(items.len());
    thread::scope(|scope| {
        (1..threads).for_each(|_| {
            scope.spawn(worker);
        });
        worker();
    });
    // Every number was taken once, and the scope ends only when all work is done: no slot is empty.
    slots.into_iter().filter_map(OnceLock::into_inner).collect()
}
