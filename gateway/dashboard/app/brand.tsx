/** The mark and the name of the product. */
export function Brand() {
  return (
    <span className="brand">
      <img src="/favicon.svg" alt="" width={26} height={26} />
      WebMetrics
    </span>
  );
}
