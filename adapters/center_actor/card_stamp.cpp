#include "adapters/center_actor/card_stamp.hpp"

#include "runtime/codec/params.hpp"

namespace switchboard {
namespace {

using codec::packer;

/// The id at `field` of a body that the edge has checked.
std::string id_in(const std::string& body, const char* field) {
  std::string id;
  auto handle = msgpack::unpack(body.data(), body.size());
  codec::params p(handle.get());
  id = p.text(field, 128);
  return id;
}

void no_such(const send_message& m, const char* field, const char* what) {
  m.reply.fail(0, error{errc::not_found,
                        "body." + std::string(field) + ": there is no such " + what,
                        "body." + std::string(field),
                        {},
                        0});
}

/// The stamped body takes the place of the one that was sent.
void pass_on(const directory_view& directory, send_message& m, std::string body,
             stamped_card card) {
  m.sent = std::move(m.content.body);
  m.content.body.bytes = std::move(body);
  m.card = std::move(card);
  to_session(directory, std::move(m));
}

void stamp_product(const directory_view& directory, send_message& m,
                   const center::product_record& x) {
  packer p;
  p.map(6);
  field(p, "product_id", x.id);
  field(p, "name", x.name);
  field(p, "price_hundredths", x.price_hundredths);
  field(p, "currency", x.currency);
  field(p, "url", x.url);
  field(p, "image", x.image);
  pass_on(directory, m, p.take(), {x.id, {}, x.name, x.currency, x.price_hundredths, {}});
}

void stamp_order(const directory_view& directory, send_message& m, const center::order_record& x) {
  constexpr std::size_t most_items = 20;
  packer p;
  p.map(7);
  field(p, "order_id", x.id);
  field(p, "state", to_string(x.state));
  field(p, "created", x.created);
  field(p, "total_hundredths", x.total_hundredths);
  field(p, "currency", x.currency);
  auto shown = std::min(x.items.size(), most_items);
  p.str("items").array(static_cast<std::uint32_t>(shown));
  for (std::size_t i = 0; i < shown; ++i) {
    field(p.map(3), "product_id", x.items[i].product_id);
    field(p, "name", x.items[i].name);
    field(p, "quantity", static_cast<std::int64_t>(x.items[i].quantity));
  }
  p.str("logistics").map(3);
  field(p, "carrier", x.logistics.carrier);
  field(p, "tracking_no", x.logistics.tracking_no);
  field(p, "state", x.logistics.state);
  pass_on(directory, m, p.take(), {{}, x.id, {}, x.currency, x.total_hundredths, x.member_id});
}

}  // namespace

void stamp_card(const std::shared_ptr<center::center_client>& client,
                const directory_view& directory, send_message m) {
  auto held = std::make_shared<send_message>(std::move(m));
  if (held->content.type == "product") {
    auto id = id_in(held->content.body.bytes, "product_id");
    client->find_product(
        id, [held, &directory](center::answered<std::optional<center::product_record>> found) {
          if (!found.value) return held->reply.fail(0, found.value.error());
          if (!*found.value) return no_such(*held, "product_id", "product");
          stamp_product(directory, *held, **found.value);
        });
    return;
  }
  auto id = id_in(held->content.body.bytes, "order_id");
  client->find_order(
      id, center::freshness::kept,
      [held, &directory](center::answered<std::optional<center::order_record>> found) {
        if (!found.value) return held->reply.fail(0, found.value.error());
        if (!*found.value) return no_such(*held, "order_id", "order");
        stamp_order(directory, *held, **found.value);
      });
}

}  // namespace switchboard
