//! Reading and writing the primitive parts of pages: LEB128 varints, zigzag integers, byte runs. Reading never trusts a
//! length.

use crate::page::PageError;

pub(crate) fn put_varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push((n as u8 & 0x7f) | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

pub(crate) fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

pub(crate) fn unzigzag(n: u64) -> i64 {
    ((n >> 1) as i64) ^ -((n & 1) as i64)
}

/// What is left to read.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, PageError> {
        let (first, rest) = self.0.split_first().ok_or(PageError::Truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn take(&mut self, n: usize) -> Result<&'a [u8], PageError> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or(PageError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, PageError> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if shift == 63 && part > 1 {
                return Err(PageError::Malformed);
            }
            n |= part << shift;
            if byte & 0x80 == 0 {
                return Ok(n);
            }
        }
        Err(PageError::Malformed)
    }

    /// A count of things of which each takes at least `least` bytes (or bits of one, if 0) of what is left.
    pub(crate) fn count(&mut self, least: usize) -> Result<usize, PageError> {
        let n = usize::try_from(self.varint()?).map_err(|_| PageError::Malformed)?;
        if n.checked_mul(least).is_none_or(|bytes| bytes > self.0.len()) {
            return Err(PageError::Truncated);
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_and_zigzag_are_read_back() {
        for n in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut out = vec![];
            put_varint(&mut out, n);
            assert_eq!(Reader(&out).varint(), Ok(n));
        }
        for n in [0, -1, 1, i64::MIN, i64::MAX] {
            assert_eq!(unzigzag(zigzag(n)), n);
        }
        assert_eq!(Reader(&[0xff; 10]).varint(), Err(PageError::Malformed));
        assert_eq!(Reader(&[0x80]).varint(), Err(PageError::Truncated));
    }
}
