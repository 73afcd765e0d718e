import { useEffect, useState } from 'react';

/** Seconds since `since` (performance.now), counted up: `1.4 s`. */
export function Elapsed({ since }: { readonly since: number }) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return <span className="num">{(Math.max(0, now - since) / 1000).toFixed(1)} s</span>;
}
