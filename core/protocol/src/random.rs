//! Randomness as an argument, so that a seed replays everything.

/// A source of random bytes.
pub trait Random {
    /// Fills `to`.
    fn fill(&mut self, to: &mut [u8]);

    /// The next `N` bytes.
    fn bytes<const N: usize>(&mut self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// The next 64 bits.
    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}

impl<R: Random + ?Sized> Random for &mut R {
    fn fill(&mut self, to: &mut [u8]) {
        (**self).fill(to);
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): for simulation and jitter, never for keys.
#[derive(Debug, Clone)]
pub struct SplitMix(pub u64);

impl Random for SplitMix {
    fn fill(&mut self, to: &mut [u8]) {
        for chunk in to.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let word = crate::checksum::mix(self.0).to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(word) {
                *to = from;
            }
        }
    }
}
