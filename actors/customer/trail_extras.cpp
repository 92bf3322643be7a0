#include "actors/customer/trail_extras.hpp"

#include "config/quantity.hpp"
#include "runtime/codec/params.hpp"

namespace switchboard {
namespace {

constexpr std::int64_t latest = std::int64_t{1} << 53;

/// {kind, at, <kind>: ...}
template <class Pack> trail_extra line(const char* kind, timestamp at, std::string id, Pack pack) {
  codec::packer p;
  p.map(3);
  field(p, "kind", kind);
  field(p, "at", at);
  pack(p.str(kind));
  return {at, kind, std::move(id), {p.take()}};
}

}  // namespace

std::vector<trail_extra> lead_lines(const std::vector<sales_lead>& leads) {
  std::vector<trail_extra> out;
  for (auto& l : leads) {
    out.push_back(line("lead", l.created_at, l.id, [&](codec::packer& p) {
      codec::pack_value(p, l, codec::audience::client);
    }));
  }
  return out;
}

std::vector<trail_extra> order_lines(std::string_view packed_answer) {
  std::vector<trail_extra> out;
  try {
    auto handle = msgpack::unpack(packed_answer.data(), packed_answer.size());
    codec::params answer(handle.get());
    auto* orders = answer.maybe_array("orders");
    for (std::uint32_t i = 0; orders && i < orders->via.array.size; ++i) {
      auto& order = orders->via.array.ptr[i];
      if (order.type != msgpack::type::MAP) continue;
      codec::params p(order);
      auto id = p.text("order_id", 128);
      auto created = p.integer("created", 0, latest);
      if (!p.ok()) continue;
      out.push_back(
          line("order", from_unix_ms(created), id, [&](codec::packer& to) { to.object(order); }));
    }
  } catch (const std::exception&) {
    // An answer that is none has no orders.
  }
  return out;
}

std::optional<timestamp> time_of_cursor(std::string_view cursor) {
  auto ms = config::parse_integer(cursor.substr(0, cursor.find('.')));
  if (!ms) return {};
  return from_unix_ms(*ms);
}

}  // namespace switchboard
