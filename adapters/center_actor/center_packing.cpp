#include "adapters/center_actor/center_packing.hpp"

namespace switchboard {
namespace {

using codec::packer;

void product_fields(packer& p, const center::product_record& x) {
  field(p, "product_id", x.id);
  field(p, "name", x.name);
  field(p, "category", x.category);
  field(p, "brand", x.brand);
  field(p, "price_hundredths", x.price_hundredths);
  field(p, "currency", x.currency);
  field(p, "stock", x.stock);
  field(p, "url", x.url);
  field(p, "image", x.image);
}
constexpr std::uint32_t product_field_count = 9;

void count(packer& p, std::string_view name, std::uint64_t n) {
  p.str(name).uinteger(n);
}

}  // namespace

void pack_product(packer& p, const center::product_record& x) {
  p.map(product_field_count);
  product_fields(p, x);
}

void pack_recommended(packer& p, const center::recommended& x) {
  p.map(product_field_count + 2);
  product_fields(p, x.product);
  p.str("score").real(x.score);
  p.str("reasons").array(static_cast<std::uint32_t>(x.why.size()));
  for (auto& why : x.why) {
    bool counted = why.by == center::recommended_by::bought_together;
    p.map(counted ? 3 : 2);
    field(p, "by", to_string(why.by));
    field(p, "what", why.what);
    if (counted) field(p, "orders", static_cast<std::int64_t>(why.orders));
  }
}

void pack_order(packer& p, const center::order_record& x) {
  p.map(8);
  field(p, "order_id", x.id);
  field(p, "member_id", x.member_id);
  field(p, "state", to_string(x.state));
  field(p, "created", x.created);
  field(p, "total_hundredths", x.total_hundredths);
  field(p, "currency", x.currency);
  p.str("items").array(static_cast<std::uint32_t>(x.items.size()));
  for (auto& i : x.items) {
    field(p.map(4), "product_id", i.product_id);
    field(p, "name", i.name);
    field(p, "quantity", static_cast<std::int64_t>(i.quantity));
    field(p, "price_hundredths", i.price_hundredths);
  }
  bool dated = x.logistics.updated != timestamp{};
  p.str("logistics").map(dated ? 5 : 4);
  field(p, "carrier", x.logistics.carrier);
  field(p, "tracking_no", x.logistics.tracking_no);
  field(p, "state", x.logistics.state);
  field(p, "last_place", x.logistics.last_place);
  if (dated) field(p, "updated", x.logistics.updated);
}

void pack_health(packer& p, std::string_view name, const center::center_health& h) {
  p.map(21);
  field(p, "center", name);
  field(p, "kind", h.remote ? "http" : "embedded");
  field(p, "place", h.place);
  field(p, "breaker", h.breaker);
  field(p, "breaker_since", h.breaker_since);
  field(p, "retry_at", h.retry_at);
  count(p, "asked", h.asked);
  count(p, "answered", h.answered);
  count(p, "failed", h.failed);
  count(p, "timed_out", h.timed_out);
  count(p, "refused", h.refused);
  count(p, "kept_back", h.kept_back);
  count(p, "retries", h.retries);
  count(p, "from_cache", h.from_cache);
  count(p, "stale", h.stale);
  count(p, "in_flight", h.in_flight);
  count(p, "waiting", h.waiting);
  count(p, "connections", h.connections);
  // Nothing answered: there is no time to tell.
  for (auto& [name, ms] : {std::pair{"p50_ms", h.p50_ms}, {"p99_ms", h.p99_ms}}) {
    p.str(name);
    h.answered > 0 ? p.integer(ms) : p.nil();
  }
  p.str("last_trouble").map(h.last_trouble.empty() ? 0 : 2);
  if (h.last_trouble.empty()) return;
  field(p, "text", h.last_trouble);
  field(p, "at", h.last_trouble_at);
}

}  // namespace switchboard
