//! What a seed chooses, and what happened in the stories.

/// Numbers that look random and are the same for a seed (splitmix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    pub fn of<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())]
    }
}

/// What happened, to see that it did.
#[derive(Debug, Default)]
pub struct Happened {
    pub accepted: u64,
    pub arrived: u64,
    pub arrived_again: u64,
    pub came_too_late: u64,
    pub crashed: u64,
    pub taken_over: u64,
    pub withdrawn: u64,
    pub held_back: u64,
    pub replayed: u64,
    pub clock_set_back: u64,
}

impl Happened {
    pub fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.arrived += other.arrived;
        self.arrived_again += other.arrived_again;
        self.came_too_late += other.came_too_late;
        self.crashed += other.crashed;
        self.taken_over += other.taken_over;
        self.withdrawn += other.withdrawn;
        self.held_back += other.held_back;
        self.replayed += other.replayed;
        self.clock_set_back += other.clock_set_back;
    }

    pub fn is_everything(&self) -> bool {
        let Self { accepted, arrived, arrived_again, came_too_late, crashed, .. } = self;
        let Self { taken_over, withdrawn, held_back, replayed, clock_set_back, .. } = self;
        let all =
            [accepted, arrived, arrived_again, came_too_late, crashed, taken_over, withdrawn, held_back];
        all.into_iter().chain([replayed, clock_set_back]).all(|count| *count > 0)
    }
}
