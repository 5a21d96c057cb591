import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import { useFormat } from "@/shared/format";
import {
  Checkbox,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
  useDebouncedValue,
} from "@/shared/ui";
import { useDictionary } from "./choices";
import { asksLeapDay, asksLeapMonth, type DateValues, dateEntry, isWhole } from "./dateValues";
import { lunarDayWord, lunarMonthWord, lunarWords } from "./lunar";

interface FieldsProps {
  value: DateValues;
  onChange: (value: DateValues) => void;
  /** What tells several apart for a screen reader: "2nd date". */
  name?: string;
  error?: React.ReactNode;
}

const CALENDARS = ["gregorian", "lunar"] as const;
const LEAP_DAYS = ["feb28", "mar1"] as const;
const LEAP_MONTHS = ["leap_or_ordinary", "ordinary", "leap_only"] as const;

/** One date of life: whose and what, the day in either calendar with or without its year, and when it comes next. */
export function DateFields({ value, onChange, name = "", error }: FieldsProps) {
  const { t, i18n } = useTranslation("customers");
  const kinds = useDictionary("date_kind");
  const put = (part: Partial<DateValues>) => onChange({ ...value, ...part });
  const chinese = i18n.language !== "en";
  const numbers = (most: number, word: (one: number) => string) =>
    Array.from({ length: most }, (_, index) => ({
      value: String(index + 1),
      label: value.lunar && chinese ? word(index + 1) : String(index + 1),
    }));
  const said = (label: string) => (name ? `${name} · ${label}` : label);
  return (
    <Stack gap={8}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Select
          style={{ flex: 1 }}
          aria-label={said(t("date.kind"))}
          data={kinds.options}
          allowDeselect={false}
          value={value.kind}
          onChange={(kind) => put({ kind: kind ?? value.kind })}
        />
        <TextInput
          style={{ flex: 1 }}
          aria-label={said(t("date.person"))}
          placeholder={t("date.person")}
          value={value.person}
          onChange={(event) => put({ person: event.currentTarget.value })}
        />
      </Group>
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={said(t("date.calendar"))}
          data={CALENDARS.map((one) => ({ value: one, label: t(`date.${one}`) }))}
          value={value.lunar ? "lunar" : "gregorian"}
          onChange={(one) => put({ lunar: one === "lunar", leap: false })}
        />
        <Switch
          label={t("date.yearly")}
          checked={value.yearly}
          onChange={(event) => put({ yearly: event.currentTarget.checked })}
        />
      </Group>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <TextInput
          style={{ flex: 1 }}
          inputMode="numeric"
          maxLength={4}
          aria-label={said(t("date.year"))}
          placeholder={t(value.yearly ? "date.year_optional" : "date.year")}
          value={value.year}
          onChange={(event) => put({ year: event.currentTarget.value.replace(/\D/g, "") })}
        />
        <Select
          style={{ flex: 1 }}
          aria-label={said(t("date.month"))}
          placeholder={t("date.month")}
          data={numbers(12, lunarMonthWord)}
          value={value.month || null}
          onChange={(month) => put({ month: month ?? "" })}
        />
        <Select
          style={{ flex: 1 }}
          aria-label={said(t("date.day"))}
          placeholder={t("date.day")}
          data={numbers(value.lunar ? 30 : 31, lunarDayWord)}
          value={value.day || null}
          onChange={(day) => put({ day: day ?? "" })}
        />
      </Group>
      {value.lunar && (
        <Checkbox
          label={t("date.leap")}
          checked={value.leap}
          onChange={(event) => put({ leap: event.currentTarget.checked })}
        />
      )}
      {asksLeapDay(value) && (
        <Select
          label={t("date.leap_day")}
          allowDeselect={false}
          data={LEAP_DAYS.map((one) => ({ value: one, label: t(`date.leap_days.${one}`) }))}
          value={value.leap_day}
          onChange={(one) => put({ leap_day: LEAP_DAYS.find((known) => known === one) ?? value.leap_day })}
        />
      )}
      {asksLeapMonth(value) && (
        <Select
          label={t("date.leap_month")}
          allowDeselect={false}
          data={LEAP_MONTHS.map((one) => ({ value: one, label: t(`date.leap_months.${one}`) }))}
          value={value.leap_month}
          onChange={(one) =>
            put({ leap_month: LEAP_MONTHS.find((known) => known === one) ?? value.leap_month })
          }
        />
      )}
      {value.lunar && value.day === "30" && value.yearly && (
        <Text size="sm" c="dimmed">
          {t("date.short_month")}
        </Text>
      )}
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
      <Coming value={value} />
    </Stack>
  );
}

/** When the date falls next, in both calendars, as the server would remember it. */
function Coming({ value }: { value: DateValues }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const asked = useMemo(() => (isWhole(value) ? JSON.stringify(dateEntry(value)) : ""), [value]);
  const [settled] = useDebouncedValue(asked, 250);
  const days = useQuery({
    queryKey: keys.list("date-occurrences", settled),
    queryFn: ({ signal }) => ok(api.POST("/date-occurrences", { body: JSON.parse(settled), signal })),
    enabled: settled !== "",
    retry: false,
    staleTime: 60_000,
  });
  if (settled === "") return null;
  if (days.isError) {
    return (
      <Text size="sm" c="var(--mantine-color-error)">
        {t("date.no_such_day")}
      </Text>
    );
  }
  const [next, ...later] = days.data?.items ?? [];
  if (!days.data) return null;
  if (!next) {
    return (
      <Text size="sm" c="dimmed">
        {t("date.over")}
      </Text>
    );
  }
  return (
    <Text size="sm" c="dimmed" aria-live="polite">
      {t("date.next", { day: f.date(next.on) })}
      {next.lunar && ` · ${t("date.lunar_day", { day: lunarWords(next.lunar, f.language) })}`}
      {next.years ? ` · ${t("date.years", { count: next.years })}` : ""}
      {later.length > 0 && (
        <>
          <br />
          {t("date.then", {
            days: later.map((one) => f.date(one.on)).join(f.language === "en" ? ", " : "、"),
          })}
        </>
      )}
    </Text>
  );
}
