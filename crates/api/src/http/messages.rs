//! The words of problems, in both languages: one row a code.

/// Problem code, Chinese title, English title.
const TITLES: &[(&str, &str, &str)] = &[
    ("validation_failed", "请检查标出的内容", "Please check what is marked"),
    ("malformed", "请求无法读取", "The request could not be read"),
    ("not_found", "没有找到，或您无权查看", "Not found, or not visible to you"),
    ("method_not_allowed", "此地址不支持该方法", "This address does not take that method"),
    ("forbidden", "您没有此权限，请联系管理员", "You lack the permission; ask an administrator"),
    ("token_expired", "登录已过期，请刷新", "The access token has expired; refresh it"),
    ("token_invalid", "登录凭证无效，请重新登录", "The access token is not valid; sign in again"),
    ("token_missing", "请先登录", "Sign in first"),
    ("key_invalid", "API 密钥无效或已停用", "The API key is not valid or was revoked"),
    ("session_ended", "会话已结束，请重新登录", "The session has ended; sign in again"),
    ("account_disabled", "账号已停用，请联系管理员", "The account is disabled; ask an administrator"),
    ("wrong_credentials", "用户名或密码不正确", "Wrong login or password"),
    ("origin_refused", "请求来源不被允许", "The request came from another site"),
    (
        "precondition_failed",
        "内容已被他人修改，请查看最新版本后再保存",
        "Someone changed this; look at the new version, then save",
    ),
    ("precondition_required", "修改需要 If-Match 请求头", "Changing this needs the If-Match header"),
    ("idempotency_key_reuse", "该 Idempotency-Key 已用于另一请求", "The Idempotency-Key was used for another body"),
    ("in_progress", "同一请求正在处理", "The same request is still being worked on"),
    ("conflict", "与现有数据冲突", "In conflict with what is there"),
    ("code_taken", "编号已被使用", "The code is taken"),
    ("login_taken", "登录名已被使用", "The login is taken"),
    ("name_taken", "名称已被使用", "The name is taken"),
    ("key_taken", "键已被使用", "The key is taken"),
    ("value_taken", "该值必须唯一，已被使用", "The value must be unique and is taken"),
    ("in_use", "仍被引用，不能删除", "Still in use; it cannot be removed"),
    ("already_running", "相同任务正在运行", "The same job is already running"),
    ("setup_needed", "系统尚未初始化，请打开服务器打印的设置链接", "Not set up yet: open the link the server printed"),
    ("already_set_up", "系统已经初始化", "Already set up"),
    ("built_in", "内置项不能修改，请复制后修改", "Built-in things cannot be changed; copy it first"),
    ("wrong_state", "当前状态不允许此操作", "Its present state does not allow this"),
    ("order_paid", "已有收款或退货，请先冲回", "Money or goods have moved on it; reverse those first"),
    ("changed_since", "内容此后已被修改", "It has been changed since"),
    (
        "currency_in_use",
        "已有商品或订单，不能更换币种",
        "There are products or orders in the currency; it cannot be changed",
    ),
    ("last_administrator", "至少要保留一名系统管理员", "At least one system administrator must remain"),
    ("self_deactivation", "不能停用自己的账号", "You cannot disable your own account"),
    ("payload_too_large", "内容过大", "Too large"),
    ("unsupported_media_type", "不支持的内容类型", "That content type is not taken here"),
    ("rate_limited", "请求过于频繁，请稍后再试", "Too many requests; try again later"),
    ("busy", "服务器繁忙，请稍后再试", "The server is busy; try again shortly"),
    ("storage_full", "存储空间已满，暂时无法写入", "Storage is full; nothing can be written now"),
    ("internal", "服务器内部错误，请带上请求编号联系支持", "A fault on our side; name the request id to support"),
];

/// Field error code, Chinese text, English text; `{0}` is the first parameter.
const FIELDS: &[(&str, &str, &str)] = &[
    ("required", "必填", "This is required"),
    ("too_long", "最多 {0} 个字符", "At most {0} characters"),
    ("too_short", "至少 {0} 个字符", "At least {0} characters"),
    ("control_character", "含有不可见的控制字符", "Holds invisible control characters"),
    ("not_allowed", "只能是：{0}", "Must be one of: {0}"),
    ("unknown_field", "没有字段“{0}”", "There is no field “{0}”"),
    ("unknown_reference", "所选项不存在或不可见", "What you chose does not exist or is not visible to you"),
    ("wrong_type", "应为类型 {0}", "Must be of type {0}"),
    ("wrong_shape", "格式不正确：{0}", "Not in the expected shape: {0}"),
    ("object_expected", "应为 JSON 对象", "A JSON object is expected"),
    ("list_expected", "应为列表", "A list is expected"),
    ("two_values_expected", "应为两个值的列表", "A list of two values is expected"),
    ("condition_too_deep", "条件嵌套最多 {0} 层", "Conditions nest at most {0} deep"),
    ("condition_too_long", "条件最多 {0} 项", "At most {0} conditions"),
    (
        "cursor_invalid",
        "分页位置无效，请从第一页重新开始",
        "The cursor is not valid for this list; start at the first page",
    ),
    ("sort_invalid", "不能按“{0}”排序", "Cannot be sorted by “{0}”"),
    ("out_of_range", "应在 {0} 之间", "Must be within {0}"),
    ("phone_invalid", "电话号码无效", "Not a valid phone number"),
    ("email_invalid", "邮箱地址无效", "Not a valid e-mail address"),
    ("date_invalid", "日期无效", "Not a valid date"),
    ("date_order", "结束日期不能早于开始日期", "The end is before the start"),
    ("money_invalid", "金额无效：{0}", "Not a valid amount: {0}"),
    ("currency_mismatch", "币种应为 {0}", "The currency must be {0}"),
    ("number_invalid", "数字无效", "Not a valid number"),
    ("duplicate", "重复", "A duplicate"),
    ("login_characters", "只能包含文字、数字和 . _ - @", "Only letters, digits and . _ - @"),
    ("password_is_login", "密码不能与登录名相同", "The password must not be the login"),
    ("wrong_password", "当前密码不正确", "The current password is wrong"),
    (
        "setup_token_invalid",
        "设置链接无效，请使用服务器最新打印的链接",
        "The set-up link is not valid; use the one the server printed last",
    ),
    ("unknown_time_zone", "未知时区", "Unknown time zone"),
    ("unknown_currency", "币种应为三个大写字母", "A currency is three capital letters"),
    (
        "code_pattern",
        "编号规则需含数字部分，例如 C-{unit}-{000001}",
        "A code pattern needs a number part such as {000001}",
    ),
    ("weights_sum", "权重须在 0–1 之间且合计为 1", "Weights are within 0–1 and sum to 1"),
    ("cutoffs_order", "分界值次序或范围不正确", "The cut-offs are out of order or range"),
    ("thresholds_order", "阈值次序或范围不正确", "The thresholds are out of order or range"),
    ("date_in_future", "日期不能晚于今天", "The date is in the future"),
    ("too_many", "最多 {0} 项", "At most {0}"),
    ("discount_too_large", "折扣不能超过 {0}", "A discount of at most {0}"),
    ("amount_at_most", "最多 {0}", "At most {0}"),
    ("line_returned", "已退货的部分不能减少", "What was sent back cannot be taken off the order"),
    ("tree_too_deep", "最多 {0} 层", "At most {0} levels"),
    ("unit_code", "最多 10 个字母、数字或 -", "At most 10 letters, digits or -"),
    ("unit_inactive", "该单位已停用", "That unit is inactive"),
    ("fixed", "创建后不能修改", "Cannot be changed after the creation"),
    ("beyond_yours", "超出您自己的权限，请联系系统管理员", "More than you hold yourself; ask a system administrator"),
    ("in_the_past", "必须晚于现在", "Must be in the future"),
    (
        "invite_invalid",
        "邀请链接无效或已过期，请联系管理员",
        "The invitation is not valid or has expired; ask an administrator",
    ),
    ("phone_empty", "电话号码为空", "The phone number is empty"),
    ("phone_unexpected_character", "电话号码含有无效字符", "A character does not belong in a phone number"),
    ("phone_too_short", "电话号码位数不足", "The phone number is too short"),
    ("phone_too_long", "电话号码位数过多", "The phone number is too long"),
    ("phone_area_code_missing", "固定电话缺少区号", "The area code is missing"),
    ("phone_extension", "分机号应为 1–8 位数字", "The extension is not 1 to 8 digits"),
    ("one_calendar", "公历日期与农历日期只能填一个", "Give either a Gregorian or a lunar date"),
    ("transfer_only", "所属单位只能由总部调拨", "The unit changes by a head-office transfer only"),
    (
        "key_characters",
        "小写字母开头，只含小写字母、数字和 _",
        "Lower-case letters, digits and _, beginning with a letter",
    ),
    ("only_filter", "此列表只能按“{0}”筛选", "This list is filtered by “{0}” only"),
    ("choices_unwanted", "只有选项类型的字段可以有选项", "Only fields of a choice type have choices"),
    ("unique_type", "只有这些类型可以要求唯一：{0}", "Only these types can be unique: {0}"),
    ("fixed_in_use", "已有数据，不能修改", "Cannot be changed once there are values"),
    ("choice_in_use", "选项“{0}”已被使用，只能停用", "The choice “{0}” is in use; make it inactive instead"),
    ("ids_or_filter", "请给出 ids 或 filter 之一", "Give either ids or filter"),
    ("must_be_empty", "此处应留空", "Must be left empty"),
    ("unchangeable", "创建后不能修改", "Cannot be changed after creation"),
    ("self_reference", "不能引用自身", "Cannot refer to itself"),
];

fn word<'a>(table: &'a [(&str, &str, &str)], code: &str, locale: &str) -> Option<&'a str> {
    let (_, zh, en) = table.iter().find(|(key, _, _)| *key == code)?;
    Some(if locale == "en" { en } else { zh })
}

pub fn title(code: &str, locale: &str) -> String {
    word(TITLES, code, locale).unwrap_or(code).to_string()
}

pub fn field_message(code: &str, params: &[String], locale: &str) -> String {
    let mut text = word(FIELDS, code, locale).or_else(|| word(TITLES, code, locale)).unwrap_or(code).to_string();
    for (index, param) in params.iter().enumerate() {
        text = text.replace(&format!("{{{index}}}"), param);
    }
    text
}
