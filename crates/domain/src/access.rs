//! Permissions and built-in roles: one table, shown in the documentation and in the role editor, and held by tests.

use crate::actor::Scope;

/// Every permission: `area:resource:action`, with what it lets a person do in both languages.
pub const PERMISSIONS: &[(&str, &str, &str)] = &[
    ("customers:customer:read", "查看客户", "See customers"),
    ("customers:customer:write", "新建和修改客户", "Create and change customers"),
    ("customers:customer:delete", "删除和恢复客户", "Delete and restore customers"),
    ("customers:customer:assign", "分配客户负责人、批量修改", "Assign owners, change in bulk"),
    ("customers:customer:merge", "合并客户、撤销合并", "Merge customers, take merges back"),
    ("customers:duplicate:scan", "查找重复客户", "Scan for duplicates"),
    ("customers:duplicate:check", "跨单位查重（只答有无）", "Ask whether someone is a customer of another unit"),
    ("customers:tag:write", "维护标签", "Maintain tags"),
    ("catalog:product:read", "查看商品", "See products"),
    ("catalog:product:write", "维护商品、品牌、分类", "Maintain products, brands, categories"),
    ("sales:order:read", "查看订单", "See orders"),
    ("sales:order:write", "新建和修改订单、收款、退货", "Create and change orders, payments, returns"),
    ("insight:metric:read", "查看洞察", "See insight"),
    ("insight:evaluation:run", "重新评估客户价值", "Evaluate customers again"),
    ("engage:segment:read", "查看客群", "See segments"),
    ("engage:segment:write", "维护客群", "Maintain segments"),
    ("platform:import:run", "导入数据", "Import data"),
    ("platform:export:run", "导出数据", "Export data"),
    ("platform:export:read", "查看导出记录", "See who exported what"),
    ("platform:job:read", "查看所有任务", "See everyone's jobs"),
    ("platform:settings:read", "查看设置", "See settings"),
    ("platform:qualification:write", "维护本单位新客户准入模板", "Maintain the unit's templates for new customers"),
    ("platform:settings:write", "修改设置、字典、自定义字段", "Change settings, dictionaries, custom fields"),
    ("access:user:read", "查看用户与组织", "See users and organisation"),
    ("access:user:write", "维护用户", "Maintain users"),
    ("access:user:handover", "移交他人名下的记录", "Hand over what people hold"),
    ("access:account:ask", "申请账号变更", "Ask for changes of accounts"),
    ("access:account:approve", "批准账号变更（四眼原则）", "Approve changes of accounts others ask for"),
    ("access:account:freeze", "立即冻结、解冻账号", "Freeze accounts at once, and let people in again"),
    ("access:organisation:write", "维护单位与部门", "Maintain units and departments"),
    ("access:role:write", "维护角色", "Maintain roles"),
    ("access:api_key:write", "使用 API 密钥", "Use API keys"),
    ("access:audit:read", "查看审计日志", "See the audit log"),
    ("access:unit:transfer", "跨单位查看与调拨（总部）", "See and move across units (head office)"),
];

/// A role every company starts with. It can be copied, not changed.
pub struct BuiltInRole {
    pub key: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub permissions: &'static [&'static str],
    /// Reach on customers and on orders; `None` means no business data.
    pub customer_scope: Option<Scope>,
    pub order_scope: Option<Scope>,
}

/// The scopes of every built-in role in one place.
pub const BUILT_IN_ROLES: &[BuiltInRole] = &[
    BuiltInRole {
        key: "executive",
        name_zh: "高管",
        name_en: "Executive",
        permissions: &[
            "customers:customer:read",
            "customers:customer:assign",
            "customers:duplicate:scan",
            "customers:duplicate:check",
            "catalog:product:read",
            "sales:order:read",
            "insight:metric:read",
            "insight:evaluation:run",
            "engage:segment:read",
            "engage:segment:write",
            "platform:export:run",
            "platform:export:read",
            "platform:job:read",
            "platform:settings:read",
            "access:user:read",
            "access:account:ask",
            "access:account:approve",
            "access:audit:read",
            "access:unit:transfer",
            "access:api_key:write",
        ],
        customer_scope: Some(Scope::Company),
        order_scope: Some(Scope::Company),
    },
    BuiltInRole {
        key: "unit_head",
        name_zh: "单位负责人",
        name_en: "Unit head",
        permissions: &[
            "customers:customer:read",
            "customers:customer:write",
            "customers:customer:assign",
            "customers:customer:merge",
            "customers:duplicate:scan",
            "customers:duplicate:check",
            "customers:tag:write",
            "catalog:product:read",
            "sales:order:read",
            "sales:order:write",
            "insight:metric:read",
            "engage:segment:read",
            "engage:segment:write",
            "platform:export:run",
            "access:user:read",
            "access:account:ask",
            "access:account:approve",
            "access:account:freeze",
            "access:api_key:write",
        ],
        customer_scope: Some(Scope::Unit),
        order_scope: Some(Scope::Unit),
    },
    BuiltInRole {
        key: "member",
        name_zh: "成员",
        name_en: "Member",
        permissions: &[
            "customers:customer:read",
            "customers:customer:write",
            "customers:customer:merge",
            "customers:duplicate:check",
            "catalog:product:read",
            "sales:order:read",
            "sales:order:write",
            "insight:metric:read",
            "engage:segment:read",
            "engage:segment:write",
            "access:api_key:write",
        ],
        customer_scope: Some(Scope::Own),
        order_scope: Some(Scope::Own),
    },
    BuiltInRole {
        key: "unit_administrator",
        name_zh: "单位管理员",
        name_en: "Unit administrator",
        permissions: &[
            "customers:customer:read",
            "customers:customer:write",
            "customers:customer:delete",
            "customers:customer:assign",
            "customers:customer:merge",
            "customers:duplicate:scan",
            "customers:duplicate:check",
            "customers:tag:write",
            "catalog:product:read",
            "catalog:product:write",
            "sales:order:read",
            "sales:order:write",
            "insight:metric:read",
            "insight:evaluation:run",
            "engage:segment:read",
            "engage:segment:write",
            "platform:import:run",
            "platform:export:run",
            "platform:export:read",
            "platform:qualification:write",
            "platform:settings:read",
            "access:user:read",
            "access:user:handover",
            "access:account:ask",
            "access:account:freeze",
            "access:api_key:write",
        ],
        customer_scope: Some(Scope::Unit),
        order_scope: Some(Scope::Unit),
    },
    BuiltInRole {
        key: "service_agent",
        name_zh: "客服",
        name_en: "Service agent",
        permissions: &[
            "customers:customer:read",
            "customers:customer:write",
            "customers:customer:merge",
            "customers:duplicate:check",
            "catalog:product:read",
            "sales:order:read",
            "access:api_key:write",
        ],
        customer_scope: Some(Scope::Unit),
        order_scope: Some(Scope::Unit),
    },
    BuiltInRole {
        key: "marketer",
        name_zh: "市场",
        name_en: "Marketer",
        permissions: &[
            "customers:customer:read",
            "customers:tag:write",
            "catalog:product:read",
            "sales:order:read",
            "insight:metric:read",
            "insight:evaluation:run",
            "engage:segment:read",
            "engage:segment:write",
            "platform:export:run",
            "access:api_key:write",
        ],
        customer_scope: Some(Scope::Unit),
        order_scope: Some(Scope::Unit),
    },
    BuiltInRole {
        key: "auditor",
        name_zh: "审计",
        name_en: "Auditor",
        permissions: &[
            "customers:customer:read",
            "catalog:product:read",
            "sales:order:read",
            "insight:metric:read",
            "engage:segment:read",
            "platform:export:read",
            "platform:job:read",
            "platform:settings:read",
            "access:user:read",
            "access:audit:read",
        ],
        customer_scope: Some(Scope::Company),
        order_scope: Some(Scope::Company),
    },
    BuiltInRole {
        key: "system_administrator",
        name_zh: "系统管理员",
        name_en: "System administrator",
        permissions: &[
            "platform:export:read",
            "platform:job:read",
            "platform:qualification:write",
            "platform:settings:read",
            "platform:settings:write",
            "access:user:read",
            "access:user:write",
            "access:user:handover",
            "access:account:ask",
            "access:account:approve",
            "access:account:freeze",
            "access:organisation:write",
            "access:role:write",
            "access:api_key:write",
            "access:audit:read",
        ],
        customer_scope: None,
        order_scope: None,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_names_known_permissions_only() {
        for role in BUILT_IN_ROLES {
            for permission in role.permissions {
                assert!(PERMISSIONS.iter().any(|(key, _, _)| key == permission), "{}: {permission}", role.key);
            }
        }
    }

    #[test]
    fn the_system_administrator_sees_no_business_data() {
        let role = BUILT_IN_ROLES.iter().find(|r| r.key == "system_administrator").expect("built in");
        assert!(role.customer_scope.is_none() && role.order_scope.is_none());
        assert!(!role.permissions.iter().any(|p| p.starts_with("customers:") || p.starts_with("sales:")));
    }
}
