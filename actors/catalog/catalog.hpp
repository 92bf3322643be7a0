#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/session/kept_answers.hpp"
#include "runtime/base/error.hpp"
#include "runtime/codec/described.hpp"

/// What the house sells through and to whom: sales channels, campaigns, segments. Pure values.
namespace switchboard {

/// A way customers come in. `channels`: the wire's channels that belong to it. Costs in the
/// currency's smallest unit.
struct sales_channel {
  std::string id, name, currency, note;
  std::int64_t cost = 0;
  std::vector<std::string> channels, entry_codes;
};
template <class V> void describe(V& v, sales_channel& x) {
  v("id", x.id);
  v("name", x.name);
  v("currency", x.currency);
  v("note", x.note);
  v("cost", x.cost);
  v("channels", x.channels);
  v("entry_codes", x.entry_codes);
}

/// Runs from `from` until before `until`; without them it always did, or goes on.
struct campaign {
  std::string id, name, sales_channel, currency, note;
  std::int64_t cost = 0;
  std::optional<timestamp> from, until;
  std::vector<std::string> entry_codes;
};
template <class V> void describe(V& v, campaign& x) {
  v("id", x.id);
  v("name", x.name);
  v("sales_channel", x.sales_channel);
  v("currency", x.currency);
  v("note", x.note);
  v("cost", x.cost);
  v("from", x.from);
  v("until", x.until);
  v("entry_codes", x.entry_codes);
}

/// Customers of whom a condition holds.
struct segment {
  std::string id, name, condition, note;
};
template <class V> void describe(V& v, segment& x) {
  v("id", x.id);
  v("name", x.name);
  v("condition", x.condition);
  v("note", x.note);
}

struct catalog {
  std::vector<sales_channel> sales_channels;
  std::vector<campaign> campaigns;
  std::vector<segment> segments;
  std::uint64_t seq = 0;
  std::vector<kept_answer> answered;
};
template <class V> void describe(V& v, catalog& x) {
  v("sales_channels", x.sales_channels);
  v("campaigns", x.campaigns);
  v("segments", x.segments);
  v("seq", x.seq);
  v("answered", x.answered);
}

/// An object as it is from now on, or that it is gone (`object` empty).
struct catalog_change {
  std::string kind, id, by;
  codec::packed_value object;
  std::optional<answer_recorded> answered = {};  // the call that asked for it had a key
};
template <class V> void describe(V& v, catalog_change& x) {
  v("kind", x.kind);
  v("id", x.id);
  v("by", x.by);
  v("object", x.object);
  v("answered", x.answered);
}

inline constexpr std::size_t most_catalog_objects = 1000;

/// The object that `fields` make of the one there is. `fresh`: there must be none yet, else there
/// must be one. Errors name the field.
result<catalog_change> decide_put(const catalog& c, const std::string& kind, const std::string& id,
                                  const codec::packed_value& fields, bool fresh,
                                  const std::string& by);
/// A sales channel with campaigns stays.
result<catalog_change> decide_remove(const catalog& c, const std::string& kind,
                                     const std::string& id, const std::string& by);
void apply(catalog& c, const catalog_change& x, timestamp at);
std::string encode(const catalog_change& x, timestamp at);
/// False where the bytes are damaged.
bool replay(catalog& c, std::string_view events);

/// To what a session counts: the campaign whose entry code it came in by while it ran (the latest
/// begun), else the sales channel of the code, else that of the channel, else the channel itself.
struct attribution {
  std::string sales_channel, campaign;
  bool operator==(const attribution&) const = default;
};
attribution attribute(const catalog& c, std::string_view channel, std::string_view entry,
                      timestamp now);

}  // namespace switchboard
