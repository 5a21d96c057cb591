/** `+8613800138000` → `138 0013 8000`: mainland numbers without their country, in the groups people say them in. */
export function phoneWords(number: string | null | undefined): string {
  if (!number) return "";
  const mobile = /^\+86(1\d{2})(\d{4})(\d{4})$/.exec(number);
  if (mobile) return mobile.slice(1).join(" ");
  const landline = /^\+86(10|2\d|[3-9]\d{2})(\d{7,8})$/.exec(number);
  if (landline) return `0${landline[1]}-${landline[2]}`;
  return number;
}
