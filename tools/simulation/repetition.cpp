#include "tools/simulation/message_body.hpp"
#include "tools/simulation/simulated_people.hpp"

/// Customers who repeat themselves otherwise: under a known key with other content, or on another
/// way than before.
namespace switchboard::simulation {

/// Keys are known for a day past the close, whatever is done to the clock: each setting of it takes
/// ten minutes off at most.
void simulated_customer::forget_old_calls() {
  constexpr std::chrono::hours known_for_sure{20};
  std::erase_if(done_, [&](auto& p) { return node_.now() - p.first > known_for_sure; });
}

/// False where nothing was said yet that could be repeated.
bool simulated_customer::repeat_otherwise() {
  if (done_.empty()) return false;
  auto again = node_.luck().of(done_);
  const bool alter = node_.luck().percent(50);
  if (again.what == pending::kind::send) {
    if (alter) {
      again.text += ", and more";
      again.altered = true;
    } else {
      // The same message comes along with another request.
      const auto key = again.key;
      again.what = pending::kind::open;
      again.key = name_ + "-r" + std::to_string(next_key_++);
      again.opening.request = request(again.key, {});
      again.opening.request.message = message_content{key, "text", text_body(again.text)};
    }
  } else if (again.what == pending::kind::open) {
    if (alter) {
      again.opening.request.subject += "otherwise";
      again.altered = true;
    } else {
      // The message that came along is sent by itself.
      again.what = pending::kind::send;
      again.key = "first-" + again.key;
      again.text = "hello " + again.opening.request.request_id;
    }
  } else {
    return false;
  }
  issue(std::move(again));
  return true;
}

}  // namespace switchboard::simulation
