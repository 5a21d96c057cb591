import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { MultiSelect, Panel, Stack, Textarea } from "@/shared/ui";
import type { Settings } from "./queries";

type Calendar = Settings["settings"]["calendar"];

interface CalendarProps {
  value: Calendar;
  onChange: (calendar: Calendar) => void;
}

const WEEK = [1, 2, 3, 4, 5, 6, 7];

/** On which days people work: days of the week, holidays taken out, make-up workdays put in. */
export default function CalendarPanel({ value, onChange }: CalendarProps) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const name = new Intl.DateTimeFormat(f.language, { weekday: "long", timeZone: "UTC" });
  // The first of January 2024 was a Monday.
  const week = WEEK.map((day) => ({
    value: String(day),
    label: name.format(new Date(Date.UTC(2024, 0, day))),
  }));
  return (
    <Panel title={t("calendar.title")}>
      <Stack>
        <MultiSelect
          label={t("calendar.weekdays")}
          data={week}
          value={value.weekdays.map(String)}
          onChange={(days) => onChange({ ...value, weekdays: days.map(Number).sort() })}
        />
        <Days
          label={t("calendar.holidays")}
          value={value.holidays}
          onChange={(holidays) => onChange({ ...value, holidays })}
        />
        <Days
          label={t("calendar.workdays")}
          value={value.workdays}
          onChange={(workdays) => onChange({ ...value, workdays })}
        />
      </Stack>
    </Panel>
  );
}

const DAY = /^\d{4}-\d\d-\d\d$/;

interface DaysProps {
  label: string;
  value: string[];
  onChange: (days: string[]) => void;
}

/** Days as they are pasted from a calendar: one a line, or with commas between. */
function Days({ label, value, onChange }: DaysProps) {
  const { t } = useTranslation("admin");
  const [text, setText] = useState(() => value.join("\n"));
  const wrong = daysOf(text).find((day) => !DAY.test(day));
  return (
    <Textarea
      label={label}
      description={t("calendar.hint")}
      autosize
      minRows={2}
      maxRows={8}
      value={text}
      error={wrong && t("calendar.wrong", { day: wrong })}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const days = daysOf(event.currentTarget.value);
        if (days.every((day) => DAY.test(day))) onChange(days);
      }}
    />
  );
}

const daysOf = (text: string) => text.split(/[\s,，;；、]+/).filter(Boolean);
