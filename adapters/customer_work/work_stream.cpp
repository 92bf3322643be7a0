#include "adapters/customer_work/work_stream.hpp"

#include "adapters/channel/transport/peer.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

constexpr std::size_t most_unread = std::size_t{1} << 20;
constexpr millis reader_pause{5};

}  // namespace

bool work_stream::send(std::string_view method, std::uint32_t n, std::string_view pairs) {
  auto* reader = dynamic_cast<channel::peer*>(out_.get());
  while (reader && reader->unread_bytes() > most_unread) {
    if (!pause(reader_pause)) return false;
  }
  if (over()) return false;
  codec::packer p;
  p.array(3).integer(2).str(method).array(1).map(n + 1);
  field(p, "work_id", id_);
  p.raw(pairs);
  // What it is about is read from the state, and so durable.
  out_->notify(0, p.take());
  return true;
}

bool work_stream::progress(std::uint64_t looked_at, std::uint64_t of, std::uint64_t found) {
  codec::packer p;
  p.str("looked_at").uinteger(looked_at).str("of").uinteger(of).str("found").uinteger(found);
  return send("customer.progress", 3, p.view());
}

void work_stream::done(std::uint32_t n, std::string_view pairs) {
  send("customer.done", n, pairs);
}

void work_stream::failed(const error& why) {
  codec::packer p;
  p.str("error").raw(codec::pack_error(why));
  send("customer.done", 1, p.view());
}

void work_stream::cancel() {
  {
    std::lock_guard hold(lock_);
    cancelled_.store(true, std::memory_order_release);
  }
  woken_.notify_all();
}

bool work_stream::pause(millis span) {
  std::unique_lock hold(lock_);
  woken_.wait_for(hold, span, [this] { return cancelled_.load(); });
  return !over();
}

}  // namespace switchboard
