#include "adapters/center_actor/center_actor.hpp"

#include "runtime/codec/pack.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

using codec::packer;

std::string_view key_name(center::member_key k) {
  constexpr std::string_view names[] = {"member_id", "union_id", "phone", "email"};
  return names[static_cast<int>(k)];
}

void pack_product(packer& p, const center::product_record& x) {
  p.map(8);
  field(p, "product_id", x.id);
  field(p, "name", x.name);
  field(p, "category", x.category);
  field(p, "brand", x.brand);
  field(p, "price_hundredths", x.price_hundredths);
  field(p, "currency", x.currency);
  field(p, "stock", x.stock);
  field(p, "url", x.url);
}

void pack_order(packer& p, const center::order_record& x) {
  p.map(7);
  field(p, "order_id", x.id);
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
  p.str("logistics").map(4);
  field(p, "carrier", x.logistics.carrier);
  field(p, "tracking_no", x.logistics.tracking_no);
  field(p, "state", x.logistics.state);
  field(p, "last_place", x.logistics.last_place);
}

class center_body {
 public:
  static inline const char* name = "center";

  center_body(center_actor::pointer self, const center_services& services, std::string key)
      : self_(self), services_(services), probe_(services.probes.enrol(actor_kind::adapter, "center:" + key)) {}

  center_actor::behavior_type make_behavior() {
    return {
        [this](const member_query& m) { on_member(m); },
        [this](const tag_query& m) { on_tags(m); },
        [this](const open_orders_query& m) { on_open_orders(m); },
        [this](const center_call& m) { on_call(m); },
        [this](const status_request& m) { m.reply.ok(0, std::string(1, '\x80')); },
    };
  }

 private:
  identification_actor asker() const { return caf::actor_cast<identification_actor>(self_->current_sender()); }

  void on_member(const member_query& m) {
    probe_->note(services_.clock.now());
    member_answer a{m.ticket, {}, {}};
    auto found = services_.centers->members().find({m.member_id, m.union_id, m.phone, m.email});
    if (!found) {
      a.trouble = found.error().message;
    } else {
      if (found->member) a.member = finding(*found->member);
      for (auto& c : found->conflicts) {
        if (!a.trouble.empty()) a.trouble += "; ";
        a.trouble += std::string(key_name(c.key)) + " belongs to another member, " + c.member_id;
      }
    }
    self_->send(asker(), std::move(a));
  }

  static member_finding finding(const center::member_record& r) {
    member_finding f{r.id, r.level, r.name, r.since, {}};
    packer p;
    p.map(static_cast<std::uint32_t>(r.attributes.size()));
    for (auto& [k, v] : r.attributes) field(p, k, v);
    f.attributes.bytes = p.take();
    return f;
  }

  void on_tags(const tag_query& m) {
    probe_->note(services_.clock.now());
    auto& tags = services_.centers->tags();
    auto found = m.member_id.empty() ? tags.of_identity(m.channel, m.customer) : tags.of_member(m.member_id);
    tag_answer a{m.ticket, {}, {}};
    if (found) a.tags = std::move(*found);
    else a.trouble = found.error().message;
    self_->send(asker(), std::move(a));
  }

  void on_open_orders(const open_orders_query& m) {
    probe_->note(services_.clock.now());
    open_orders_answer a{m.ticket, 0, {}};
    auto n = services_.centers->trade().open_orders(m.member_id);
    if (n) a.count = static_cast<int>(*n);
    else a.trouble = n.error().message;
    self_->send(asker(), std::move(a));
  }

  void on_call(const center_call& m) {
    probe_->note(services_.clock.now());
    auto at = services_.journal.last();
    using method = center_call::method;
    packer p;
    if (m.what == method::product_search || m.what == method::product_recommend) {
      auto found = services_.centers->products().search(m.text, m.limit);
      if (!found) return m.reply.fail(at, found.error());
      p.map(1).str("products").array(static_cast<std::uint32_t>(found->size()));
      for (auto& x : *found) pack_product(p, x);
    } else if (m.what == method::order_get) {
      auto found = services_.centers->trade().find(m.id);
      if (!found) return m.reply.fail(at, found.error());
      if (!*found) return m.reply.fail(at, error{errc::not_found, "order_id: there is no such order", "order_id", {}, 0});
      p.map(1).str("order");
      pack_order(p, **found);
    } else {
      center::order_query q;
      q.most = m.limit;
      if (m.before) q.to = *m.before;
      if (auto s = center::order_state_of(m.state)) q.states = {*s};
      auto found = services_.centers->trade().orders_of(m.member_id, q);
      if (!found) return m.reply.fail(at, found.error());
      p.map(1).str("orders").array(static_cast<std::uint32_t>(found->size()));
      for (auto& x : *found) pack_order(p, x);
    }
    m.reply.ok(at, p.take());
  }

  center_actor::pointer self_;
  const center_services& services_;
  std::shared_ptr<actor_probe> probe_;
};

}  // namespace

center_actor spawn_center(caf::actor_system& system, const center_services& services, std::string name) {
  return system.spawn<hosted_actor<center_actor, center_body>>(std::cref(services), std::move(name));
}

}  // namespace switchboard
