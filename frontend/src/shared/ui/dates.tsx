/** Date fields, apart from the index because the calendar is heavy and only forms need it. */
import { DateInput, type DateInputProps, DatesProvider } from "@mantine/dates";
import "@mantine/dates/styles.css";
import "dayjs/locale/zh-cn";
import { useTranslation } from "react-i18next";

export interface DateFieldProps extends Omit<DateInputProps, "value" | "onChange" | "valueFormat"> {
  /** `YYYY-MM-DD` or null. */
  value?: string | null;
  onChange?: (value: string | null) => void;
}

/** A calendar date typed or picked. Speaks the person's language, weeks start on Monday. */
export function DateField({ value, onChange, ...rest }: DateFieldProps) {
  const { t, i18n } = useTranslation();
  const zh = i18n.language.startsWith("zh");
  return (
    <DatesProvider settings={{ locale: zh ? "zh-cn" : "en", firstDayOfWeek: 1 }}>
      <DateInput
        value={value ?? null}
        onChange={(next) => onChange?.(next ?? null)}
        valueFormat="YYYY-MM-DD"
        clearable
        clearButtonProps={{ "aria-label": t("action.clear") }}
        ariaLabels={{
          monthLevelControl: t("date.choose_month"),
          yearLevelControl: t("date.choose_year"),
          nextMonth: t("date.next_month"),
          previousMonth: t("date.previous_month"),
          nextYear: t("date.next_year"),
          previousYear: t("date.previous_year"),
          nextDecade: t("date.next_years"),
          previousDecade: t("date.previous_years"),
        }}
        {...rest}
      />
    </DatesProvider>
  );
}
