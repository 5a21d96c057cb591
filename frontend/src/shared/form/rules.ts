import * as z from "zod/mini";

/** Field rules whose messages are text keys, translated where they are shown. */
export const rules = {
  required: () => z.string().check(z.trim(), z.minLength(1, "form.required")),
  text: (max = 200) => z.string().check(z.maxLength(max, "form.too_long")),
  email: () =>
    z.union(
      [z.literal(""), z.string().check(z.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "form.email"))],
      "form.email",
    ),
  password: () => z.string().check(z.minLength(10, "form.password_short")),
  decimal: () =>
    z.union(
      [z.literal(""), z.string().check(z.regex(/^-?\d{1,15}(\.\d{1,6})?$/, "form.number"))],
      "form.number",
    ),
  chosen: () => z.string("form.required").check(z.minLength(1, "form.required")),
};
