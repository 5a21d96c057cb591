import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api";
import { toast } from "@/shared/ui";
import { attachmentsKey, type Subject, uploadAttachment } from "./queries";

/** A file on its way. */
export interface Upload {
  key: number;
  name: string;
  /** 0 to 1. */
  share: number;
}

let next = 1;

/** Sends files one after the other; what is refused is told, the rest goes on. */
export function useUploads(subject: Subject) {
  const client = useQueryClient();
  const [running, setRunning] = useState<Upload[]>([]);
  const change = (key: number, share: number) =>
    setRunning((list) => list.map((one) => (one.key === key ? { ...one, share } : one)));
  const add = async (files: Iterable<File>, kind?: string) => {
    const waiting = [...files].map((file) => ({ key: next++, file }));
    setRunning((list) => [...list, ...waiting.map(({ key, file }) => ({ key, name: file.name, share: 0 }))]);
    for (const { key, file } of waiting) {
      try {
        await uploadAttachment(subject, file, kind, (share) => change(key, share));
        await client.invalidateQueries({ queryKey: attachmentsKey(subject) });
      } catch (problem) {
        toast.problem(problem);
      } finally {
        setRunning((list) => list.filter((one) => one.key !== key));
      }
    }
    void client.invalidateQueries({ queryKey: keys.of("customers") });
  };
  return { running, add };
}
