//! Sales targets of a year: of whom or what they are, and how a year becomes twelve months.

/// Of what a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKind {
    Unit,
    User,
    Product,
    Customer,
}

impl TargetKind {
    pub const KEYS: [&'static str; 4] = ["unit", "user", "product", "customer"];
    pub const ALL: [Self; 4] = [Self::Unit, Self::User, Self::Product, Self::Customer];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// How the year is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetSplit {
    /// By the seasonal index.
    Seasonal,
    /// Twelve alike.
    Even,
    /// Month by month.
    Hand,
}

impl TargetSplit {
    pub const KEYS: [&'static str; 3] = ["seasonal", "even", "hand"];
    const ALL: [Self; 3] = [Self::Seasonal, Self::Even, Self::Hand];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|split| split.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        for kind in TargetKind::ALL {
            assert_eq!(TargetKind::parse(kind.key()), Some(kind));
        }
        for split in TargetSplit::ALL {
            assert_eq!(TargetSplit::parse(split.key()), Some(split));
        }
        assert_eq!((TargetKind::parse("weather"), TargetSplit::parse("")), (None, None));
    }
}
