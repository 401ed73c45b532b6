//! The sum by which phone and server find out that a feed differs.
//!
//! Not a defence: it finds lost or stale rows. 64 bits, added wrapping, so that adding and removing a row commute; a
//! cryptographic hash over 220,000 rows would cost more than inserting them.

use dangjian_domain::id::RowId;

/// The finalizer of SplitMix64.
pub fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// What one row adds to the sum of each feed it belongs to. The id is read as two big-endian numbers.
pub fn row_hash(table: u16, id: &RowId, version: u64) -> u64 {
    let whole = u128::from_be_bytes(id.0);
    let (high, low) = ((whole >> 64) as u64, whole as u64);
    let h = mix(u64::from(table).wrapping_add(0x9e37_79b9_7f4a_7c15));
    mix(mix(mix(h ^ high) ^ low) ^ version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_row_counts() {
        let id = RowId(*b"0123456789abcdef");
        let mut other = id;
        other.0[15] ^= 1;
        let hashes = [row_hash(1, &id, 1), row_hash(2, &id, 1), row_hash(1, &other, 1), row_hash(1, &id, 2)];
        for (at, hash) in hashes.iter().enumerate() {
            assert!(hashes.iter().skip(at + 1).all(|other| other != hash));
        }
        assert_eq!(row_hash(8, &RowId([0; 16]), 0), mix(mix(mix(mix(8 + 0x9e37_79b9_7f4a_7c15)))));
    }
}
