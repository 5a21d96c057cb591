//! Which methods a path of the contract takes: a wrong one is 405 with `Allow`, not 404.

use std::sync::LazyLock;

use crate::contract::CONTRACT;

struct Template {
    segments: Vec<String>,
    methods: Vec<String>,
}

static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let paths = CONTRACT["paths"].as_object().into_iter().flatten();
    paths
        .map(|(path, item)| Template {
            segments: path.split('/').map(String::from).collect(),
            methods: item.as_object().into_iter().flatten().map(|(method, _)| method.to_ascii_uppercase()).collect(),
        })
        .collect()
});

impl Template {
    fn fits(&self, path: &[&str]) -> bool {
        self.segments.len() == path.len()
            && self.segments.iter().zip(path).all(|(template, segment)| {
                if template.starts_with('{') { !segment.is_empty() } else { template == segment }
            })
    }
}

/// For a path that exists but does not take `method`: those it takes, for the `Allow` header.
pub fn others(path: &str, method: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').collect();
    let mut methods: Vec<&str> = Vec::new();
    for template in TEMPLATES.iter().filter(|template| template.fits(&segments)) {
        methods.extend(template.methods.iter().map(String::as_str));
    }
    if methods.is_empty() || methods.contains(&method) {
        return None;
    }
    methods.sort_unstable();
    methods.dedup();
    Some(methods.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_contract_names_its_methods() {
        let allow = others("/api/v1/units/0", "PUT").expect("a known path");
        assert_eq!(allow, "DELETE, GET, PATCH");
        assert_eq!(others("/api/v1/units/0", "GET"), None, "a method it takes");
        assert_eq!(others("/api/v1/nothing", "GET"), None, "a path nobody knows");
    }
}
