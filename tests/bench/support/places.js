/** Runs the work with places that are all ended afterwards, however it ends. */
async function withPlaces(work) {
  const places = [];
  const open = async (starting) => {
    const place = await starting;
    places.push(place);
    return place;
  };
  try {
    return await work(open);
  } finally {
    for (const place of places.reverse()) await place.stop().catch((error) => console.error(error));
  }
}

module.exports = { withPlaces };
