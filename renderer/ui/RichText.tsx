/** Stormlet's own sentences: what stands between backticks is a literal. */
export function RichText({ children }: { children: string }) {
  const pieces = children.split('`');
  // An odd number of backticks is somebody else's text: it is shown as it came.
  if (pieces.length % 2 === 0) return <>{children}</>;
  let offset = 0;
  return (
    <>
      {pieces.map((piece, index) => {
        const key = offset;
        offset += piece.length + 1;
        return index % 2 === 1 ? (
          <code key={key} className="literal">
            {piece}
          </code>
        ) : (
          piece
        );
      })}
    </>
  );
}
