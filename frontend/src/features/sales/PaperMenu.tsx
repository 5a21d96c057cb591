import { IconFileTypePdf } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { download } from "@/api";
import { localeOptions } from "@/features/access";
import { Button, Menu } from "@/shared/ui";

/** The record as a paper for the customer, in either language. */
export function PaperMenu({ of, id, code }: { of: "quotes" | "orders"; id: string; code: string }) {
  const { t } = useTranslation("sales");
  const fetch = useMutation({
    mutationFn: (locale: string) => download(`/${of}/${id}/paper?locale=${locale}`, `${code}.pdf`),
  });
  return (
    <Menu
      position="bottom-end"
      target={
        <Button
          variant="default"
          loading={fetch.isPending}
          leftSection={<IconFileTypePdf size={16} stroke={1.6} />}
        >
          {t("paper")}
        </Button>
      }
    >
      {({ Item, Label }) => (
        <>
          <Label>{t("paper_language")}</Label>
          {localeOptions.map(({ value, label }) => (
            <Item key={value} onClick={() => fetch.mutate(value)}>
              {label}
            </Item>
          ))}
        </>
      )}
    </Menu>
  );
}
