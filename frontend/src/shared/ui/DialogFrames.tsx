import { Drawer, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export interface DialogProps {
  onClose: () => void;
  title: ReactNode;
  size?: "sm" | "md" | "lg" | "xl";
  /** Near the upper edge instead of the middle: for content whose height changes while one types. */
  top?: boolean;
  children: ReactNode;
}

/** A dialog for one decision or one form. Its header carries no landmark role: a dialog is its own region. */
export function DialogFrame({ onClose, title, size = "md", top, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={size}
      centered={!top}
      yOffset="12dvh"
      transitionProps={{ duration: 120 }}
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content radius="lg">
        <Modal.Header role="presentation">
          <Modal.Title fw={650} fz="lg">
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label={t("action.close")} />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** A panel from the right for forms that are read beside the list they belong to. */
export function SidePanelFrame({ onClose, title, size = "md", children }: Omit<DialogProps, "top">) {
  const { t } = useTranslation();
  return (
    <Drawer.Root opened onClose={onClose} size={size} position="right" transitionProps={{ duration: 160 }}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content>
        <Drawer.Header role="presentation">
          <Drawer.Title fw={650} fz="lg">
            {title}
          </Drawer.Title>
          <Drawer.CloseButton aria-label={t("action.close")} />
        </Drawer.Header>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
