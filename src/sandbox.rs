//! Everything on loopback, to try Kith.
