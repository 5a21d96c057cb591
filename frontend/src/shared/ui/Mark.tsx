/** The mark: 回, a square within a square — someone who came back. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0b2623" />
      <rect x="7" y="7" width="18" height="18" rx="4.5" fill="none" stroke="#f3e9dc" strokeWidth="2.6" />
      <rect x="12.6" y="12.6" width="6.8" height="6.8" rx="2" fill="#e67c50" />
    </svg>
  );
}
